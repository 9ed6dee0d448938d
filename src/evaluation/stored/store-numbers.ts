import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { emptyPayloads } from "../../metrics/binary/columns.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { planReading, sinksOf, type TableReading } from "../read/plan-reading.ts";
import { refuseTable } from "../read/problems.ts";
import { tooManyGroups } from "../read/subgroups.ts";
import { ColumnFile } from "./column-file.ts";
import { fullDisk, requireDisk } from "./disk-room.ts";
import { GroupFields } from "./group-fields.ts";
import { columnsOf, RowCheck, refuseBadRows } from "./number-rows.ts";
import { refuseGroups, type StoreRequest } from "./store-table.ts";
import { type NumberFiles, type StoredNumbers, storedNumbers } from "./stored-numbers.ts";

/** Rows that are read before they are written. */
const stretchRows = 2 ** 16;

/** Reads truths, what the model said, weights and groups into files below the database's folder, and checks them as `readTable` does. */
export async function storeNumbers(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
): Promise<StoredNumbers> {
  const { columns, look, uri } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: Math.min(rows, stretchRows) });
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

/** One query over all columns, stretch by stretch. Throws for rows that cannot be measured, and as `confirmRead` does. */
async function fill(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: StoreRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly files: NumberFiles;
}): Promise<RowCheck> {
  const { db, source, request, reading } = parts;
  const { facts } = request.look;
  const sinks = sinksOf(reading);
  const stretch = new Stretch(parts);
  const sql = `SELECT ${sinks.map((sink) => sink.sql).join(", ")} FROM ${source.sql}`;
  for await (const chunk of streamNumbers(db, sql)) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (stretch.rows + chunk.rows > facts.rows) break;
    if (stretch.start + chunk.rows > stretchRows) await stretch.write();
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: stretch.start, gaps: chunk.gaps[index] });
    }
    stretch.start += chunk.rows;
    request.onRows?.(stretch.rows, facts.rows);
  }
  await stretch.write();
  const { rows, check } = stretch;
  await confirmRead(source, rows);
  await refuseBadRows(db, source, { uri: request.uri, reading, check, rows });
  return check;
}

/** The rows that were read last. */
class Stretch {
  readonly check: RowCheck;
  /** The next row of the stretch. */
  start = 0;
  readonly #reading: TableReading;
  readonly #groups: GroupFields;
  readonly #files: NumberFiles;
  #written = 0;

  constructor({
    reading,
    groups,
    files,
  }: { readonly reading: TableReading; readonly groups: GroupFields; readonly files: NumberFiles }) {
    this.#reading = reading;
    this.#groups = groups;
    this.#files = files;
    this.check = new RowCheck(reading);
  }

  /** Of the table, so far. */
  get rows(): number {
    return this.#written + this.start;
  }

  async write(): Promise<void> {
    const [rows, at, files] = [this.start, this.#written, this.#files];
    if (rows === 0) return;
    const columns = columnsOf(this.#reading, rows);
    this.check.take(columns, at);
    await files.truths.write(at, columns.truths);
    for (const [index, values] of columns.said.entries()) await files.said[index]?.write(at, values);
    if (columns.weights !== undefined) await files.weights?.write(at, columns.weights);
    if (files.codes !== undefined) {
      const packed = emptyPayloads(this.#groups.payloadBytes, rows, false);
      this.#groups.pack(new Uint8Array(rows), packed);
      await files.codes.write(at, packed);
    }
    this.#written += rows;
    this.start = 0;
    for (const sink of sinksOf(this.#reading)) sink.bad.from = this.#written;
  }
}
