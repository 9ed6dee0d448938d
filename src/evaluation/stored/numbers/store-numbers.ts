import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import { planReading, sinksOf, type TableReading } from "../../read/plan-reading.ts";
import { type ColumnProblem, refuseTable } from "../../read/problems.ts";
import { refuseBadRows } from "../../read/read-table.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { missingNameProblem, seriesName } from "../../read/task-readings.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields } from "../group-fields.ts";
import { missingNames } from "../name-order.ts";
import { type Block, readTableBlocks } from "../read-blocks.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { closeFiles, makeFiles, type NumberFiles, writeRows } from "./number-files.ts";
import { columnsOf, RowCheck } from "./number-rows.ts";
import { type StoredNumbers, storedNumbers } from "./stored-numbers.ts";

/** Rows that are read before they are written. */
const blockRows = 2 ** 16;

/**
 * Reads truths, what the model said, weights and groups into files below the database's folder, and checks them as `readTable` does.
 * `series`: of a forecast, a column that no row may be without.
 */
export async function storeNumbers(
  db: DuckDb,
  source: TableSource,
  { request, series }: { readonly request: StoreRequest; readonly series?: SourceColumn | undefined },
): Promise<StoredNumbers> {
  const { columns, look, uri } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: Math.min(rows, blockRows) });
  const groups = new GroupFields(reading, columns.subgroups);
  refuseTable(
    uri,
    reading.strange.map((one) => `${uri}: ${one}`),
  );
  refuseGroups({ uri, reading, groups }, request);
  const bytes = bytesEach(reading, groups, series !== undefined);
  await requireDisk(db.folder, { uri, rows, bytesEach: bytes });
  const hasGroups = columns.subgroups.length > 0;
  const files = await makeFiles(db.folder, columnsOf(reading, 0), { prefix: "", hasGroups });
  try {
    const check = await fill({ db, source, request, reading, groups, files, series });
    const named = groups.groups.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(named, { uri, maxGroups: request.maxGroups, isCounted: true }));
    return storedNumbers({ rows, check, files, groups });
  } catch (error) {
    await closeFiles(files);
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

/** Half of what the files take that are there at the same time: of the table, of its groups, and of rows that are sorted. */
function bytesEach(reading: TableReading, groups: GroupFields, hasSeries: boolean): number {
  const { said, more, weights } = columnsOf(reading, 0);
  const weight = weights === undefined ? 0 : 8;
  const row = 8 + 8 * (said.length + more.length) + weight;
  // Of a forecast DuckDB sorts the rows by series, with their key, into files with the number of the series and both scales.
  if (hasSeries) return (row + (row + 16) + 2 * (row + 24 + groups.payloadBytes) + 8 + weight) / 2;
  const grouped = groups.bits > 1 ? row + groups.payloadBytes : 0;
  // A regression is sorted by truth and then by prediction, and its ranks are counted; of quantiles the truths are sorted.
  const sorted = reading.prediction === undefined ? 8 + weight : row + 24 + (8 - weight);
  return (row + grouped + sorted) / 2;
}

/** Writes the rows into files, block by block. Throws for rows that cannot be measured, and as `confirmRead` does. */
async function fill(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: StoreRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly files: NumberFiles;
  readonly series: SourceColumn | undefined;
}): Promise<RowCheck> {
  const { db, source, request, reading, groups, files, series } = parts;
  const check = new RowCheck(reading);
  const missing = series && missingNames(series);
  const sinks = [...sinksOf(reading), ...(missing === undefined ? [] : [missing])];
  const write = async ({ start, rows }: Block) => {
    const columns = columnsOf(reading, rows);
    check.take(columns, start);
    await writeRows(files, columns, { start, rows, groups });
  };
  const rows = await readTableBlocks(db, source, {
    ...{ sinks, blockRows, write, onRows: request.onRows },
    rows: request.look.facts.rows,
  });
  const more: ColumnProblem[] = [
    ...(series === undefined || missing === undefined
      ? []
      : [missingNameProblem(source, seriesName(series.name), missing.bad)]),
    ...check.problems(source),
  ];
  await refuseBadRows(db, source, { request, reading, rows, weights: check.weights, more });
  return check;
}
