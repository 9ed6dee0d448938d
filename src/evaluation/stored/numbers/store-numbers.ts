import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import { planReading, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields } from "../group-fields.ts";
import type { Block } from "../read-blocks.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { closeFiles, makeFiles, writeRows } from "./number-files.ts";
import { columnsOf, type NumberColumns } from "./number-rows.ts";
import { blockRows, readNumberRows } from "./read-rows.ts";
import { type StoredNumbers, storedNumbers } from "./stored-numbers.ts";

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
    const keep = async (rows: NumberColumns<Float64Array>, block: Block) =>
      await writeRows(files, rows, { ...block, groups });
    const check = await readNumberRows({ db, source, request, reading, series, keep });
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
  const stored = row + groups.payloadBytes;
  const parsed = reading.source.format === "csv" ? stored + 16 : 0;
  if (hasSeries) return (stored + parsed + (stored + 16) + 2 * (stored + 24) + 8 + weight) / 2;
  const grouped = groups.bits > 1 ? row + groups.payloadBytes : 0;
  // A regression is sorted by truth and then by prediction, and its ranks are counted; of quantiles the truths are sorted.
  const sorted = reading.prediction === undefined ? 8 + weight : row + 24 + (8 - weight);
  return (row + grouped + sorted) / 2;
}
