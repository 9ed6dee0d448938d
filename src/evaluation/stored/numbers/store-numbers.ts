import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import { planReading, sinksOf, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { refuseBadRows } from "../../read/read-table.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { ColumnFile } from "../column-file.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields } from "../group-fields.ts";
import { type Block, readTableBlocks } from "../read-blocks.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { columnsOf, RowCheck } from "./number-rows.ts";
import { type NumberFiles, type StoredNumbers, storedNumbers } from "./stored-numbers.ts";

/** Rows that are read before they are written. */
const blockRows = 2 ** 16;

/** Reads truths, what the model said, weights and groups into files below the database's folder, and checks them as `readTable` does. */
export async function storeNumbers(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
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
  await requireDisk(db.folder, { uri, rows, bytesEach: bytesEach(reading, groups) });
  const files = await makeFiles(db.folder, reading, columns.subgroups.length > 0);
  try {
    const check = await fill({ db, source, request, reading, groups, files });
    const named = groups.groups.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(named, { uri, maxGroups: request.maxGroups, isCounted: true }));
    return storedNumbers({ rows, check, files, groups });
  } catch (error) {
    await closeFiles(files);
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

async function makeFiles(folder: string, reading: TableReading, hasGroups: boolean): Promise<NumberFiles> {
  const make = (name: string) => ColumnFile.make(path.join(folder, `${name}.column`));
  const { said, weights } = columnsOf(reading, 0);
  return {
    truths: await make("truths"),
    said: await Promise.all(said.map((_, index) => make(`said-${index}`))),
    weights: weights && (await make("weights")),
    codes: hasGroups ? await make("codes") : undefined,
  };
}

export async function closeFiles({ truths, said, weights, codes }: NumberFiles): Promise<void> {
  await Promise.all([truths, ...said, weights, codes].map((file) => file?.close()));
}

/** Half of what the files take that are there at the same time: of the table, of its groups, and of rows that are sorted. */
function bytesEach(reading: TableReading, groups: GroupFields): number {
  const { said, weights } = columnsOf(reading, 0);
  const weight = weights === undefined ? 0 : 8;
  const row = 8 + 8 * said.length + weight;
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
}): Promise<RowCheck> {
  const { db, source, request, reading, groups, files } = parts;
  const check = new RowCheck(reading);
  const write = async ({ start, rows }: Block) => {
    const columns = columnsOf(reading, rows);
    check.take(columns, start);
    await files.truths.write(start, columns.truths);
    for (const [index, values] of columns.said.entries()) await files.said[index]?.write(start, values);
    if (columns.weights !== undefined) await files.weights?.write(start, columns.weights);
    if (files.codes === undefined) return;
    const packed = emptyPayloads(groups.payloadBytes, rows, false);
    groups.pack(new Uint8Array(rows), packed);
    await files.codes.write(start, packed);
  };
  const rows = await readTableBlocks(db, source, {
    ...{ sinks: sinksOf(reading), blockRows, write, onRows: request.onRows },
    rows: request.look.facts.rows,
  });
  await refuseBadRows(db, source, { request, reading, rows, weights: check.weights });
  return check;
}
