import { createHash, type Hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Labels } from "./read/labels.ts";
import type { RowOrder } from "./row-ids.ts";

export interface EvalSet {
  readonly rows: number;
  /** Hex. */
  readonly sha256: string;
  readonly identifiedBy: "row-id" | "row-order";
}

type Values = Float64Array | Float32Array | Uint32Array | Uint8Array;

const blockRows = 1 << 16;

/**
 * What tells two evaluation sets apart: a sha256 over the labels, in the order of the sorted row ids after the digest of those, or
 * without row ids in the order of the rows. Labels count as what they are measured as: a byte a row of a binary task, class names and
 * then 32-bit codes of a multiclass one, names and then a byte a row and label of a multilabel one, doubles and then a byte of a
 * survival one, doubles of the others (all little endian).
 */
export async function evalSetOf(
  labels: Labels,
  order: RowOrder | undefined,
  signal?: AbortSignal,
): Promise<EvalSet> {
  const hash = startEvalSet(headOf(labels), order);
  const columns = valuesOf(labels);
  for (const values of columns) await updateInOrder(hash, values, { order, signal });
  return {
    rows: columns[0]?.length ?? 0,
    sha256: hash.digest("hex"),
    identifiedBy: order === undefined ? "row-order" : "row-id",
  };
}

/** The hash of an evaluation set before its labels, which are of a kind. */
export function startEvalSet(kind: string, order: Pick<RowOrder, "sha256"> | undefined): Hash {
  const hash = createHash("sha256");
  hash.update(order === undefined ? "labels in row order\n" : `row ids ${order.sha256} and labels\n`);
  return hash.update(`${kind}\n`);
}

/** The sha256 of the scores, in the same order: two models with equal digests on one set are bit for bit the same model. */
export async function scoresDigest(
  columns: readonly Values[],
  order: RowOrder | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  for (const column of columns) await updateInOrder(hash, column, { order, signal });
  return hash.digest("hex");
}

function headOf(labels: Labels): string {
  if (labels.kind === "classes") return namedHead(labels.kind, labels.classes);
  return labels.kind === "several" ? namedHead(labels.kind, labels.names) : labels.kind;
}

/** The kind of labels that have names, with these. */
export function namedHead(kind: "classes" | "several", names: readonly string[]): string {
  return `${kind} ${JSON.stringify(names)}`;
}

export function valuesOf(labels: Labels): readonly Values[] {
  switch (labels.kind) {
    case "numbers":
      return [labels.values];
    case "several":
      return labels.columns;
    case "survival":
      return [labels.durations, labels.events];
    case "binary":
    case "classes":
      return [labels.codes];
  }
}

/** Lets others have their turn after each block: a hundred million rows take seconds. */
async function updateInOrder(
  hash: Hash,
  values: Values,
  { order, signal }: { readonly order: RowOrder | undefined; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const rows = order?.rows;
  const size = rows === undefined ? blockRows * 16 : blockRows;
  const block = values.slice(0, Math.min(size, rows === undefined ? 0 : values.length));
  for (let start = 0; start < values.length; start += size) {
    signal?.throwIfAborted();
    if (start > 0) await setImmediate();
    if (rows === undefined) hash.update(values.subarray(start, start + size));
    else hash.update(gathered(values, rows.subarray(start, start + size), block));
  }
}

function gathered(values: Values, rows: Uint32Array, block: Values): Values {
  for (let index = 0; index < rows.length; index += 1) block[index] = values[rows[index] ?? 0] ?? 0;
  return block.subarray(0, rows.length);
}
