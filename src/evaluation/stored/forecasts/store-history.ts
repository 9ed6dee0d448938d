import { confirmRead } from "../../../data/sources/source.ts";
import type { SourceColumn, SourceFile } from "../../../data/sources/table-source.ts";
import type { NaiveScale } from "../../../metrics/forecasting/naive-scales.ts";
import {
  historySqls,
  inCodeOrder,
  naiveErrors,
  oneSeries,
  refuseHistory,
  refuseMissing,
} from "../../history-errors.ts";
import { type HistoryRequest, type OpenHistory, shortSeries, withHistoryTable } from "../../open-history.ts";
import { shownPaths } from "../../open-source.ts";
import { textSql } from "../../read/expressions.ts";
import type { ColumnFile } from "../column-file.ts";
import { areWholeNumbers, inNameOrder, keySql, type NameColumn } from "../name-order.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { tooFewRows } from "../too-few-rows.ts";
import { ScaleFile } from "./scale-file.ts";

/** What the training series tell. */
export interface StoredHistory {
  readonly files: readonly SourceFile[];
  /** In the order of `name`, by which the forecasts are to be sorted; of a table that is all one series its own. */
  readonly scales: { readonly file: ScaleFile; readonly name: NameColumn } | NaiveScale;
}

interface HistoryParts {
  readonly history: HistoryRequest;
  /** Of the forecasts. */
  readonly series: SourceColumn | undefined;
  /** An empty one, for the series. */
  readonly file: ColumnFile;
  readonly threads: number | undefined;
}

/**
 * The errors of the seasonal naive forecast in training series, of which DuckDB sorts the rows, on disk where it must: neither these nor the
 * series have to fit into memory. Throws as `historyScales` does, but for series that are missing or too short.
 */
export async function storeHistory(
  { request, columns }: StoredEvaluation,
  { history, series, file, threads }: HistoryParts,
): Promise<StoredHistory> {
  const { season } = history;
  const { watch } = request;
  watch.phase("reading the training series", 3, 3);
  watch.follow(() => undefined);
  const work = { ...request, history, limits: { ...request.limits, threads } };
  const names = { label: columns.label, series: series?.name };
  const { found, files } = await withHistoryTable(work, names, async (open) => {
    watch.follow(() => open.db.progress());
    if (series === undefined || open.series === undefined) return await onlyScale(open, season);
    const areWhole = areWholeNumbers(series) && areWholeNumbers(open.series);
    const scales = new ScaleFile(file);
    const uri = shownPaths(history.paths);
    await sumInOrder(open, { uri, season, name: { column: open.series, areWhole }, scales });
    return { file: scales, name: { column: series, areWhole } };
  });
  return { scales: found, files };
}

async function onlyScale(open: OpenHistory, season: number): Promise<NaiveScale> {
  let only = { mae: Number.NaN, rmse: Number.NaN };
  const facts = await naiveErrors(inCodeOrder(open, undefined), season, (_, scale) => {
    only = scale;
  });
  await refuseHistory(open, oneSeries, facts);
  if (Number.isNaN(only.mae)) throw shortSeries(1, season, undefined);
  return only;
}

/** Series after series, by the key of its name. */
async function sumInOrder(
  open: OpenHistory,
  to: {
    readonly uri: string;
    readonly season: number;
    readonly name: NameColumn;
    readonly scales: ScaleFile;
  },
): Promise<void> {
  const { db, source } = open;
  const { name, scales } = to;
  const [counts = {}] = await db.query(
    `SELECT count(*) AS rows, count(*) - count(${textSql(name.column)}) AS missing FROM ${source.sql}`,
  );
  const key = keySql(name);
  if (Number(counts["missing"]) > 0) await refuseMissing(open, key);
  async function* chunks() {
    const sorted = inNameOrder(db, source, { name, sqls: historySqls(open), within: open.timeSql });
    for await (const { rows, columns, starts, keyAt } of sorted)
      yield { rows, columns, starts, nameAt: keyAt };
  }
  const facts = await naiveErrors(chunks(), to.season, async (own, scale) => {
    await scales.add(own, scale);
  });
  await scales.finish();
  const rows = Number(counts["rows"]);
  // Where there were fewer than were counted, and the file is the same, DuckDB ended too early.
  await confirmRead(source, rows);
  if (facts.rows < rows) throw tooFewRows(to.uri, { found: facts.rows, rows, what: "sorted by series" });
  await refuseHistory(open, key, facts);
}
