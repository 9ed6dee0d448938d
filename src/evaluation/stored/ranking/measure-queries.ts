import {
  type RankingMetrics,
  RankingTotals,
  rankingMetricNames,
} from "../../../metrics/ranking/ranking-totals.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { inQueryOrder } from "./query-order.ts";
import { bytesOfQueryRow, QueryRows } from "./query-rows.ts";
import { queryColumn, type RankingColumns, rankingColumns } from "./ranking-columns.ts";
import { blockRows } from "./ranking-files.ts";
import { tooFewRows, tooManyRows, tooManySums } from "./shortages.ts";
import type { StoredRanking } from "./store-ranking.ts";

/** Of an exact sum of many terms. */
const sumBytes = 2500;

/**
 * Measures one query after the other, each as in memory. All rows must have been read before, and none refused. Throws `not-evaluable`
 * for a query whose rows do not fit into memory.
 */
export async function measureQueries(
  { request, db, source, reading, rowBytes }: StoredEvaluation,
  { rows, subgroups }: StoredRanking,
): Promise<RankingMetrics> {
  const { watch, signal } = request;
  const { uri } = reading;
  const ks = request.ks.length === 0 ? undefined : request.ks;
  const groupCounts = subgroups.map((one) => one.names.length);
  const sums = rankingMetricNames(ks).length * groupCounts.reduce((sum, count) => sum + count, 1);
  if (sums * sumBytes > rowBytes) throw tooManySums(uri, sums);
  const mostRows = Math.floor(rowBytes / bytesOfQueryRow(subgroups.length));
  let done = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => (done === 0 ? db.progress() : (100 * done) / rows));
  const totals = new RankingTotals(ks, groupCounts);
  const query = new QueryRows(subgroups.length);
  const end = () => {
    if (query.rows > 0) totals.add(query.query());
    query.rows = 0;
  };
  const read = rankingColumns(source, reading, blockRows);
  const sqls = read.sinks.map((sink) => sink.sql);
  try {
    for await (const chunk of inQueryOrder(db, source, { query: queryColumn(source, reading), sqls })) {
      for (const [index, sink] of read.sinks.entries()) {
        const items = chunk.columns[index];
        if (items !== undefined) sink.take({ items, start: 0, gaps: chunk.gaps[index] });
      }
      const codes = read.groups
        .codes(chunk.rows)
        .map((own, index) => own.map((code) => subgroups[index]?.codes[code] ?? 0));
      const bounds = [0, ...chunk.starts, chunk.rows];
      for (const [index, start] of bounds.slice(0, -1).entries()) {
        if (index > 0) end();
        query.add(part(read, codes, { start, end: bounds[index + 1] ?? start }));
        if (query.rows > mostRows) throw tooManyRows(uri, mostRows);
      }
      done += chunk.rows;
      signal.throwIfAborted();
    }
  } catch (error) {
    throw source.explain(error);
  }
  end();
  if (done !== rows) throw tooFewRows(uri, { found: done, rows, what: "sorted by query" });
  return totals.metrics();
}

function part(
  { columns }: RankingColumns,
  codes: readonly Uint32Array[],
  { start, end }: { readonly start: number; readonly end: number },
) {
  const [label, said] = columns;
  if (label === undefined || said === undefined) throw new RangeError("a ranking without scores");
  return {
    relevances: label.values.subarray(start, end),
    scores: said.values.subarray(start, end),
    codes: codes.map((own) => own.subarray(start, end)),
  };
}
