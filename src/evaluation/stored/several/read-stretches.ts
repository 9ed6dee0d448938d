import { setImmediate } from "node:timers/promises";
import { emptyPayloads, emptyScores, type Payloads, type Scores } from "../../../metrics/score-columns.ts";
import { likeOf } from "./several-columns.ts";
import type { StoredSeveral } from "./store-several.ts";

/** Some neighbouring rows of a stored table, as they were read. */
export interface SeveralRows {
  readonly rows: number;
  readonly truths: readonly Payloads[];
  readonly predictions: readonly Payloads[];
  readonly scores: readonly Scores[];
  readonly weights: Float64Array | undefined;
  /** Of each grouping, the group of each row. */
  readonly codes: readonly Uint32Array[];
}

/** All rows, stretch by stretch, in memory that the next stretch uses again; others have their turn in between. */
export async function* readStretches(table: StoredSeveral, signal: AbortSignal): AsyncIterable<SeveralRows> {
  const { columns, stored, groups, stretchRows } = table;
  const room = [
    ...[...columns.truths, ...columns.predictions].map((one) =>
      emptyPayloads(one.bytesEach, stretchRows, false),
    ),
    ...columns.scores.map((one) => emptyScores(likeOf(one), stretchRows, false)),
  ];
  const packed = emptyPayloads(groups.payloadBytes, stretchRows, false);
  const codes = groups.fields.map(() => new Uint32Array(stretchRows));
  const weights = table.weights && new Float64Array(stretchRows);
  for (let start = 0; start < table.rows; start += stretchRows) {
    signal.throwIfAborted();
    const rows = Math.min(stretchRows, table.rows - start);
    for (const [place, values] of room.entries()) await stored[place]?.read(start, values.subarray(0, rows));
    if (groups.fields.length > 0) await groups.payloads.read(start, packed.subarray(0, rows));
    for (const [place, { shift, mask }] of groups.fields.entries())
      unpack(packed, { shift, mask }, codes[place]);
    if (weights !== undefined) await table.weights?.read(start, weights.subarray(0, rows));
    yield { ...partsOf(room, { columns, rows, codes }), weights: weights?.subarray(0, rows) };
    await setImmediate();
  }
}

function unpack(
  packed: Payloads,
  { shift, mask }: { readonly shift: number; readonly mask: number },
  codes: Uint32Array = new Uint32Array(),
): void {
  for (let row = 0; row < codes.length; row += 1) codes[row] = ((packed[row] ?? 0) >>> shift) & mask;
}

function partsOf(
  room: readonly (Payloads | Scores)[],
  of: Pick<StoredSeveral, "columns"> & Pick<SeveralRows, "rows" | "codes">,
): Omit<SeveralRows, "weights"> {
  const { columns, rows, codes } = of;
  const parts = room.map((values) => values.subarray(0, rows));
  const whole = (values: Payloads | Scores) =>
    values instanceof Float64Array || values instanceof Float32Array ? [] : [values];
  const floats = (values: Payloads | Scores) =>
    values instanceof Float64Array || values instanceof Float32Array ? [values] : [];
  const split = columns.truths.length;
  const coded = parts.flatMap(whole);
  return {
    rows,
    truths: coded.slice(0, split),
    predictions: coded.slice(split),
    scores: parts.flatMap(floats),
    codes: codes.map((own) => own.subarray(0, rows)),
  };
}
