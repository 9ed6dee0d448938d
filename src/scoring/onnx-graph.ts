import { encodeField, encodeNumber, fieldsOf, integersField, textField } from "./protobuf.ts";

/** What a graph says beside its inputs and outputs. */
export interface OnnxGraph {
  /** The file without its ZipMap, which the runtime for Node cannot give out; undefined where there is none. */
  readonly withoutZipMap: Uint8Array | undefined;
  /** Names of the classes in the order of the probabilities; empty where the graph does not name them. */
  readonly classes: readonly string[];
}

// Field numbers of onnx.proto (onnx/onnx, onnx/onnx.proto).
const modelGraph = 7;
const graph = { node: 1, initializer: 5, output: 12 } as const;
const node = { input: 1, output: 2, type: 4, attribute: 5 } as const;
const attribute = { name: 1, integers: 8, strings: 9 } as const;
const tensor = { dims: 1, int32: 5, strings: 6, int64: 7, name: 8, raw: 9, type: 2 } as const;
const floatType = 1;
const int64Type = 7;

interface Node {
  readonly raw: Uint8Array;
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly labels: readonly string[];
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads an ONNX file as far as scoring needs it. Throws `RangeError` for bytes that are no ONNX model. */
export function readOnnxGraph(file: Uint8Array): OnnxGraph {
  const fields = [...fieldsOf(file)];
  const inner = fields.find((field) => field.number === modelGraph)?.bytes;
  if (inner === undefined) throw new RangeError("no graph in it");
  const parts = [...fieldsOf(inner)];
  const nodes = parts
    .filter((part) => part.number === graph.node)
    .map((part) => readNode(part.raw, part.bytes));
  const zipMaps = nodes.filter(({ type }) => type === "ZipMap");
  const classes = zipMaps[0]?.labels ?? nodes.findLast(({ labels }) => labels.length > 0)?.labels;
  const known =
    classes ??
    extractedClasses(
      nodes,
      parts.filter((part) => part.number === graph.initializer).map((part) => part.bytes),
    );
  if (zipMaps.length === 0) return { withoutZipMap: undefined, classes: known };
  const dropped = new Set(zipMaps.map(({ raw }) => raw));
  const plainOf = new Map(
    zipMaps.flatMap(({ inputs, outputs }) => outputs.map((output) => [output, inputs[0] ?? ""])),
  );
  const kept = parts.flatMap((part) => {
    if (part.number === graph.node && dropped.has(part.raw)) return [];
    const plain = part.number === graph.output ? plainOf.get(textField(part.bytes, 1)) : undefined;
    return [plain === undefined ? part.raw : floatOutput(plain)];
  });
  const others = fields.filter((field) => field.number !== modelGraph).map((field) => field.raw);
  return { withoutZipMap: Buffer.concat([...others, encodeField(modelGraph, ...kept)]), classes: known };
}

function readNode(raw: Uint8Array, bytes: Uint8Array): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let labels: readonly string[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === node.input) inputs.push(decoder.decode(field.bytes));
    if (field.number === node.output) outputs.push(decoder.decode(field.bytes));
    if (field.number === node.attribute && /^classlabels_/.test(textField(field.bytes, attribute.name)))
      labels = labelsOf(field.bytes) ?? labels;
  }
  return { raw, type: textField(bytes, node.type), inputs, outputs, labels };
}

function labelsOf(bytes: Uint8Array): readonly string[] | undefined {
  const texts = [...fieldsOf(bytes)].filter((field) => field.number === attribute.strings);
  const labels = [
    ...texts.map((field) => decoder.decode(field.bytes)),
    ...integersField(bytes, attribute.integers).map(String),
  ];
  return labels.length === 0 ? undefined : labels;
}

/** Converters that have no operator with labels pick the label out of a constant. */
function extractedClasses(nodes: readonly Node[], initializers: readonly Uint8Array[]): readonly string[] {
  const picked = nodes.filter(({ type }) => type === "ArrayFeatureExtractor").map(({ inputs }) => inputs[0]);
  for (const bytes of initializers) {
    if (!picked.includes(textField(bytes, tensor.name))) continue;
    const values = constantOf(bytes);
    if (values.length > 1) return values;
  }
  return [];
}

function constantOf(bytes: Uint8Array): readonly string[] {
  const texts = [...fieldsOf(bytes)].filter((field) => field.number === tensor.strings);
  if (texts.length > 0) return texts.map((field) => decoder.decode(field.bytes));
  const integers = [...integersField(bytes, tensor.int64), ...integersField(bytes, tensor.int32)];
  if (integers.length > 0) return integers.map(String);
  const raw = [...fieldsOf(bytes)].find((field) => field.number === tensor.raw)?.bytes;
  if (raw === undefined || integersField(bytes, tensor.type)[0] !== BigInt(int64Type)) return [];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.byteLength / 8 }, (_, index) => String(view.getBigInt64(index * 8, true)));
}

/** A ValueInfoProto: this name, a tensor of floats. */
function floatOutput(name: string): Uint8Array {
  const type = encodeField(1, encodeNumber(1, floatType));
  return encodeField(graph.output, encodeField(1, encoder.encode(name)), encodeField(2, type));
}
