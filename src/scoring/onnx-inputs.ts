import { MlopsError } from "../errors.ts";
import { type FeatureData, isThere } from "./column-buffer.ts";
import type { FeatureSelection } from "./feature-table.ts";
import type { SignatureColumn } from "./model-kinds.ts";

/** An input of the graph as the runtime describes it. */
export interface OnnxInput {
  readonly name: string;
  readonly type: string;
  /** A text or nothing where the size is free. */
  readonly shape: readonly (number | string)[];
}

export interface InputPlan {
  /** The columns to read, in the model's order. */
  readonly columns: readonly FeatureSelection[];
  /** True: one input takes all columns; false: each column is an input of its own, of the same name. */
  readonly isMatrix: boolean;
  readonly inputs: readonly OnnxInput[];
  readonly notes: readonly string[];
}

export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[];

/**
 * Which columns go where. Throws `not-evaluable` for columns that are missing or of another kind than the model's, and for graphs whose
 * inputs take several columns each, since which ones is not recorded.
 */
export function planInputs(
  inputs: readonly OnnxInput[],
  table: readonly FeatureSelection[],
  known: { readonly signature: readonly SignatureColumn[] | undefined; readonly exclude: readonly string[] },
): InputPlan {
  const [only] = inputs;
  const named = table.map(({ name }) => name);
  const isNamed = inputs.every(({ name, shape }) => named.includes(name) && widthOf(shape) === 1);
  if (only !== undefined && inputs.length === 1 && !isNamed) return planMatrix(only, table, known);
  const wide = inputs.filter(({ shape }) => widthOf(shape) !== 1);
  if (wide.length > 0) {
    const list = wide.map(({ name, shape }) => `${name} (${shape.join(" x ")})`).join(", ");
    throw new MlopsError({
      kind: "not-evaluable",
      code: "FEATURES_GROUPED",
      message: `The inputs ${list} of the model take several columns each, and ONNX does not record which.`,
      hint: "Export the model with one input a column, or with one input for all columns.",
    });
  }
  const columns = byName(
    inputs.map(({ name }) => name),
    table,
  );
  return { columns, isMatrix: false, inputs, notes: notesOf(columns, table, known.exclude) };
}

function planMatrix(
  input: OnnxInput,
  table: readonly FeatureSelection[],
  {
    signature,
    exclude,
  }: { readonly signature: readonly SignatureColumn[] | undefined; readonly exclude: readonly string[] },
): InputPlan {
  const names = (signature ?? []).flatMap(({ name, type }) =>
    name === undefined || type === "tensor" ? [] : [name],
  );
  const isNamed = names.length > 0;
  const columns = isNamed ? byName(names, table) : table.filter(({ name }) => !exclude.includes(name));
  const width = widthOf(input.shape);
  if (width !== undefined && width !== columns.length) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "FEATURES_MISMATCH",
      message: `The model takes ${width} columns without names, and the table has ${columns.length} beside label, subgroups and row id: ${quoted(columns.map(({ name }) => name))}.`,
      hint: "Leave out the other columns, or log the model with a signature.",
    });
  }
  return { columns, isMatrix: true, inputs: [input], notes: isNamed ? notesOf(columns, table, exclude) : [] };
}

/** How many columns an input takes; undefined where that is free. */
function widthOf(shape: readonly (number | string)[]): number | undefined {
  if (shape.length === 1) return 1;
  const width = shape[1];
  return typeof width === "number" && width > 0 ? width : undefined;
}

function byName(names: readonly string[], table: readonly FeatureSelection[]): FeatureSelection[] {
  const found = names.map((name) => table.find((column) => column.name === name));
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "FEATURES_MISSING",
      message: `The model was trained on columns that the table does not have: ${quoted(missing)}; it has ${quoted(table.map(({ name }) => name))}.`,
      hint: "Evaluate on a table with the columns of the training data.",
    });
  }
  return found.filter((column) => column !== undefined);
}

function notesOf(
  columns: readonly FeatureSelection[],
  table: readonly FeatureSelection[],
  exclude: readonly string[],
): string[] {
  const taken = columns.map(({ name }) => name);
  const inTable = table.map(({ name }) => name);
  const extra = inTable.filter((name) => !taken.includes(name) && !exclude.includes(name));
  const isReordered = inTable
    .filter((name) => taken.includes(name))
    .some((name, index) => name !== taken[index]);
  return [
    ...(extra.length === 0 ? [] : [`columns that the model does not know were left out: ${quoted(extra)}`]),
    ...(isReordered
      ? [`the columns stand in another order than in training and were taken by name: ${quoted(taken)}`]
      : []),
  ];
}

/** The values of columns as one tensor, row by row. Throws `not-evaluable` where a column is not what the input takes. */
export function tensorData(
  input: OnnxInput,
  columns: readonly FeatureData[],
  names: readonly string[],
): TensorData {
  const rows = columns[0]?.rows ?? 0;
  const width = columns.length;
  if (input.type === "string") {
    const texts = columns.map((column, index) => textsOf(column, names[index] ?? ""));
    return Array.from({ length: rows * width }, (_, at) => texts[at % width]?.[Math.floor(at / width)] ?? "");
  }
  const target = numbersFor(input, rows * width);
  for (const [place, column] of columns.entries())
    fill(target, column, { place, width, name: names[place] ?? "", input });
  return target;
}

function numbersFor({ name, type }: OnnxInput, length: number) {
  switch (type) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "int32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
    default:
      throw mismatch(
        `The input ${name} of the model takes ${type} values, which this program cannot make of a table.`,
      );
  }
}

interface Place {
  readonly place: number;
  readonly width: number;
  readonly name: string;
  readonly input: OnnxInput;
}

function fill(
  target: Exclude<TensorData, string[]>,
  column: FeatureData,
  { place, width, name, input }: Place,
): void {
  const { values, validity, type, missing, rows } = column;
  if (["text", "date", "timestamp", "timestamp-utc"].includes(type)) throw wrongType(name, type, input.type);
  const isFloat = target instanceof Float32Array || target instanceof Float64Array;
  if (!isFloat && missing > 0)
    throw mismatch(
      `The column ${quoted([name])} misses ${missing} values, and the model takes ${input.type}, which cannot be missing.`,
    );
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    const at = row * width + place;
    if (isFloat) target[at] = isThere(validity, row) ? Number(value) : Number.NaN;
    else if (!Number.isInteger(Number(value)))
      throw wrongType(name, `${type} values such as ${value}`, input.type);
    else if (target instanceof BigInt64Array) target[at] = BigInt(value);
    else target[at] = Number(value);
  }
}

function textsOf({ type, values, offsets, missing, rows }: FeatureData, name: string): string[] {
  if (type !== "text" || offsets === undefined || !(values instanceof Uint8Array))
    throw wrongType(name, type, "text");
  if (missing > 0)
    throw mismatch(
      `The column ${quoted([name])} misses ${missing} values, and texts of an ONNX model cannot be missing.`,
    );
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: rows }, (_, row) => bytes.toString("utf8", offsets[row], offsets[row + 1]));
}

function wrongType(name: string, held: string, wanted: string): MlopsError {
  return mismatch(`The column ${quoted([name])} holds ${held}, and the model takes ${wanted}.`);
}

function mismatch(message: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "FEATURES_TYPE",
    message,
    hint: "A Parquet file keeps the types that a CSV loses.",
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
