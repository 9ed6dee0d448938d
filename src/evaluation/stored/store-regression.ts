import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { emptyPayloads } from "../../metrics/binary/columns.ts";
import { startEvalSet } from "../eval-set.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { planReading, sinksOf, type TableReading } from "../read/plan-reading.ts";
import { refuseTable } from "../read/problems.ts";
import { tooManyGroups } from "../read/subgroups.ts";
import { ColumnFile } from "./column-file.ts";
import { fullDisk, requireDisk } from "./disk-room.ts";
import { GroupFields } from "./group-fields.ts";
import { columnsOf, refuseBadRows, WeightCheck } from "./regression-rows.ts";
import { refuseGroups, type StoreRequest } from "./store-table.ts";
import { type RegressionFiles, type StoredRegression, storedRegression } from "./stored-regression.ts";

/** Rows that are read before they are written. */
const stretchRows = 2 ** 16;

/** Reads truths, predictions, weights and groups into files below the database's folder, and checks them as `readTable` does. */
export async function storeRegression(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
): Promise<StoredRegression> {
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
  const make = (name: string) => ColumnFile.make(path.join(db.folder, `${name}.column`));
  const files: RegressionFiles = {
    truths: await make("truths"),
    predictions: await make("predictions"),
    weights: reading.weight === undefined ? undefined : await make("weights"),
    codes: columns.subgroups.length === 0 ? undefined : await make("codes"),
  };
  try {
    const found = await fill({ db, source, request, reading, groups, files });
    const named = groups.groups.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(named, { uri, maxGroups: request.maxGroups, isCounted: true }));
    return storedRegression({ ...found, files, groups });
  } catch (error) {
    await closeFiles(files);
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

export async function closeFiles({ truths, predictions, weights, codes }: RegressionFiles): Promise<void> {
  await Promise.all([truths, predictions, weights, codes].map((file) => file?.close()));
}

/** Half of what the files take that are there at the same time: of the table, of its groups, and of rows sorted twice. */
function bytesEach({ weight }: TableReading, groups: GroupFields): number {
  const row = weight === undefined ? 16 : 24;
  const grouped = groups.bits > 1 ? row + groups.payloadBytes : 0;
  const ranks = weight === undefined ? 8 : 0;
  return (row + grouped + row + 24 + ranks) / 2;
}

/** One query over all columns, stretch by stretch. Throws for rows that cannot be measured, and as `confirmRead` does. */
async function fill(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: StoreRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly files: RegressionFiles;
}): Promise<Pick<StoredRegression, "rows" | "zeroWeights" | "labelsSha256" | "scoresSha256">> {
  const { db, source, request, reading, files } = parts;
  const { facts } = request.look;
  const sinks = sinksOf(reading);
  const stretch = new Stretch(parts);
  const sql = `SELECT ${sinks.map((sink) => sink.sql).join(", ")} FROM ${source.sql}`;
  for await (const chunk of streamNumbers(db, sql)) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (stretch.rows + chunk.rows > facts.rows) break;
    if (stretch.start + chunk.rows > stretchRows) await stretch.write(files);
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: stretch.start, gaps: chunk.gaps[index] });
    }
    stretch.start += chunk.rows;
    request.onRows?.(stretch.rows, facts.rows);
  }
  await stretch.write(files);
  const { rows, weights } = stretch;
  await confirmRead(source, rows);
  await refuseBadRows(db, source, { uri: request.uri, reading, weights, rows });
  return { rows, zeroWeights: weights.zeros, ...stretch.digests };
}

/** The rows that were read last. */
class Stretch {
  readonly weights = new WeightCheck();
  /** The next row of the stretch. */
  start = 0;
  readonly #reading: TableReading;
  readonly #groups: GroupFields;
  readonly #labelHash;
  readonly #scoreHash = createHash("sha256");
  #written = 0;

  constructor({
    reading,
    groups,
    request,
  }: {
    readonly reading: TableReading;
    readonly groups: GroupFields;
    readonly request: StoreRequest;
  }) {
    this.#reading = reading;
    this.#groups = groups;
    this.#labelHash = startEvalSet("numbers", request.order);
  }

  /** Of the table, so far. */
  get rows(): number {
    return this.#written + this.start;
  }

  async write(files: RegressionFiles): Promise<void> {
    const [rows, at] = [this.start, this.#written];
    if (rows === 0) return;
    const { truths, predictions, weights } = columnsOf(this.#reading, rows);
    this.#labelHash.update(truths);
    this.#scoreHash.update(predictions);
    await files.truths.write(at, truths);
    await files.predictions.write(at, predictions);
    if (weights !== undefined) {
      this.weights.take(weights, at);
      await files.weights?.write(at, weights);
    }
    if (files.codes !== undefined) {
      const packed = emptyPayloads(this.#groups.payloadBytes, rows, false);
      this.#groups.pack(new Uint8Array(rows), packed);
      await files.codes.write(at, packed);
    }
    this.#written += rows;
    this.start = 0;
    for (const sink of sinksOf(this.#reading)) sink.bad.from = this.#written;
  }

  /** To be asked for once, at the end. */
  get digests(): { readonly labelsSha256: string; readonly scoresSha256: string } {
    return { labelsSha256: this.#labelHash.digest("hex"), scoresSha256: this.#scoreHash.digest("hex") };
  }
}
