import type { SourceFile } from "../data/sources/table-source.ts";
import type { NaiveScale } from "../metrics/forecasting/naive-scales.ts";
import { inCodeOrder, naiveErrors, oneSeries, refuseHistory, refuseMissing } from "./history-errors.ts";
import {
  absentSeries,
  type HistoryColumns,
  type HistoryWork,
  type OpenHistory,
  shortSeries,
  withHistoryTable,
} from "./open-history.ts";
import { readDictionaries } from "./read/dictionary.ts";
import { sharedFloat64 } from "./read/sinks.ts";
import type { TableData } from "./read/table-data.ts";
import { plainCodes } from "./read/task-readings.ts";

/**
 * The error of the seasonal naive forecast in the training series of each row of `data`. Throws `not-evaluable` for a table without the
 * columns, values that are no numbers, times that are missing or stand twice, and series that are missing or shorter than a season.
 */
export async function historyScales(
  work: HistoryWork,
  columns: HistoryColumns,
  data: Pick<TableData, "rows" | "series">,
): Promise<{ readonly scales: TableData["scales"]; readonly files: readonly SourceFile[] }> {
  const { season } = work.history;
  const { found, files } = await withHistoryTable(
    work,
    columns,
    async (open) => await scalesByName(open, season),
  );
  return { scales: byRow(found, data, season), files };
}

/** By the name of the series: an empty one where all rows are of one. */
async function scalesByName(open: OpenHistory, season: number): Promise<ReadonlyMap<string, NaiveScale>> {
  const { db, source } = open;
  const { series } = open.names;
  const dictionary =
    series === undefined
      ? undefined
      : (await readDictionaries(db, source, { names: [series], figures: [] })).dictionaries.get(series);
  const code = dictionary && plainCodes(dictionary);
  const key = code?.sql ?? oneSeries;
  if (dictionary?.hasMissing === true) await refuseMissing(open, key);
  const scales = new Map<string, NaiveScale>();
  const facts = await naiveErrors(inCodeOrder(open, code?.sql), season, (found, scale) => {
    scales.set(dictionary?.texts[found - (code?.firstCode ?? 0)] ?? "", scale);
  });
  await refuseHistory(open, key, facts);
  return scales;
}

function byRow(
  scales: ReadonlyMap<string, NaiveScale>,
  { rows, series }: Pick<TableData, "rows" | "series">,
  season: number,
): TableData["scales"] {
  const names = series?.names ?? [""];
  const found = names.map((name) => scales.get(name));
  const absent = names.filter((_, code) => found[code] === undefined);
  if (absent.length > 0) throw absentSeries(absent.length, absent);
  const short = names.filter((_, code) => Number.isNaN(found[code]?.mae));
  if (short.length > 0) throw shortSeries(short.length, season, series === undefined ? undefined : short);
  const spread = (kind: keyof NaiveScale) => {
    const values = sharedFloat64(rows);
    for (let row = 0; row < values.length; row += 1)
      values[row] = found[series?.codes[row] ?? 0]?.[kind] ?? Number.NaN;
    return values;
  };
  return { mae: spread("mae"), rmse: spread("rmse") };
}
