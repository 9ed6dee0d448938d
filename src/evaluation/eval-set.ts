import { createHash } from "node:crypto";

export interface EvalSet {
  readonly rows: number;
  /** Hex. */
  readonly sha256: string;
  readonly identifiedBy: "row-id" | "row-order";
}

/**
 * What tells two evaluation sets apart: the sha256 over the (row id, label) pairs sorted by row id, or without row ids over the
 * labels in the order of the rows. Labels are numbers; ids are compared as texts by UTF-16 code units.
 */
export function evalSetOf(labels: ArrayLike<number>, rowIds: readonly string[] | undefined): EvalSet {
  const hash = createHash("sha256");
  if (rowIds === undefined) {
    hash.update("labels in row order\n");
    for (let row = 0; row < labels.length; row += 1) hash.update(`${labels[row]}\n`);
  } else {
    hash.update("row ids and labels\n");
    for (const row of orderById(rowIds)) hash.update(`${JSON.stringify(rowIds[row])} ${labels[row]}\n`);
  }
  return {
    rows: labels.length,
    sha256: hash.digest("hex"),
    identifiedBy: rowIds === undefined ? "row-order" : "row-id",
  };
}

/** The sha256 of the scores, in the same order: two models with equal digests on one set are bit for bit the same model. */
export function scoresDigest(scores: Float64Array, rowIds: readonly string[] | undefined): string {
  const ordered =
    rowIds === undefined ? scores : Float64Array.from(orderById(rowIds), (row) => scores[row] ?? Number.NaN);
  return createHash("sha256")
    .update(new Uint8Array(ordered.buffer, ordered.byteOffset, ordered.byteLength))
    .digest("hex");
}

function orderById(rowIds: readonly string[]): Uint32Array {
  const order = Uint32Array.from(rowIds, (_, row) => row);
  return order.sort((one, other) => ((rowIds[one] ?? "") < (rowIds[other] ?? "") ? -1 : 1));
}
