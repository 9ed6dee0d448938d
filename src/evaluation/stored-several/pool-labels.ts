import type { Scores } from "../../metrics/binary/columns.ts";
import { joinedRange } from "../../metrics/binary/partition.ts";
import { type CellRange, cellRange } from "../../metrics/binary/score-cells.ts";
import { storedMetrics } from "../../metrics/binary/stored/measure-stored.ts";
import type { StoredColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { arePooled, type PooledRanking } from "../../metrics/multilabel/pooled-ranking.ts";
import type { StoredEvaluation } from "../stored/evaluate-stored.ts";
import type { StoredSeveral } from "./store-several.ts";
import { likeOf } from "./table-columns.ts";

/** `pooledRanking` of a stored table; `payloadsOf` gives labels and groups of the rows of a label. Undefined without scores. */
export async function poolLabels(
  { request, helper, rowBytes }: Pick<StoredEvaluation, "request" | "helper" | "rowBytes">,
  table: StoredSeveral,
  payloadsOf: (label: number) => StoredColumn,
): Promise<PooledRanking | undefined> {
  const { columns, groups, room, rows } = table;
  const all = rows * columns.scores.length;
  if (all === 0) return undefined;
  if (!arePooled(all)) return "too many";
  const { fields, payloadBytes } = groups;
  const { like, scores, range } = await pooledScores(table, rowBytes);
  const payloads = joined(
    columns.scores.map((_, label) => payloadsOf(label)),
    rows,
  );
  const limits = columns.scores.map(({ sink }) => sink.range);
  const form = {
    ...{ rows: all, like, payloadBytes, fields, groups: groups.groups, range },
    lowest: Math.min(...limits.map((one) => one.smallest)) + 0,
    highest: Math.max(...limits.map((one) => one.largest)) + 0,
  };
  const input = { stored: { scores, payloads }, room, form, threshold: null, options: {} };
  const mostRows = Math.floor(rowBytes / (like.BYTES_PER_ELEMENT + payloadBytes));
  return await storedMetrics(input, { mostRows, helper, signal: request.signal });
}

/** The scores of one label after the other, as 64 bits where one label has as many. */
async function pooledScores(
  { columns, stored, ranges, rows }: StoredSeveral,
  rowBytes: number,
): Promise<{ readonly like: Scores; readonly scores: StoredColumn; readonly range: CellRange }> {
  const likes = columns.scores.map(likeOf);
  const narrow = likes.filter((like) => like instanceof Float32Array).length;
  const like = narrow === likes.length ? new Float32Array() : new Float64Array();
  const own = stored.slice(columns.truths.length + columns.predictions.length);
  const scores = joined(
    own.map((column, label) =>
      likes[label] instanceof Float32Array && narrow < likes.length ? widened(column) : column,
    ),
    rows,
  );
  if (narrow === 0 || narrow === likes.length) return { like, scores, range: joinedRange(ranges) };
  const found: CellRange[] = [];
  const block = new Float64Array(Math.max(1, Math.floor(rowBytes / 16)));
  const all = rows * likes.length;
  for (let start = 0; start < all; start += block.length) {
    const part = block.subarray(0, Math.min(block.length, all - start));
    await scores.read(start, part);
    found.push(cellRange({ scores: part, start: 0, end: part.length }));
  }
  return { like, scores, range: joinedRange(found) };
}

/** Columns of so many rows each, one after the other. */
function joined(columns: readonly StoredColumn[], rows: number): StoredColumn {
  return {
    async read(start, into) {
      for (let at = 0; at < into.length; ) {
        const first = (start + at) % rows;
        const end = Math.min(into.length, at + rows - first);
        const column = columns[Math.floor((start + at) / rows)];
        if (column === undefined) throw new RangeError(`row ${start + at} is of no column`);
        await column.read(first, into.subarray(at, end));
        at = end;
      }
    },
  };
}

/** A column of 32-bit floats as one of 64. */
function widened(column: StoredColumn): StoredColumn {
  return {
    async read(start, into) {
      const narrow = new Float32Array(into.length);
      await column.read(start, narrow);
      into.set(narrow);
    },
  };
}
