import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { emptyPayloads } from "../../metrics/binary/columns.ts";
import { startEvalSet } from "../eval-set.ts";
import { doublesOf } from "../read/float-readings.ts";
import type { LabelReading } from "../read/labels.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { sinksOf, type TableReading } from "../read/plan-reading.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import { BadRows, type Sink } from "../read/sinks.ts";
import type { RowOrder } from "../row-ids.ts";
import type { GroupFields } from "./group-fields.ts";
import { type Said, ScoreWriter } from "./score-writer.ts";
import type { TableFiles } from "./table-files.ts";

interface FillRequest extends Pick<ReadRequest, "onRows"> {
  readonly look: FirstLook;
  readonly order: RowOrder | undefined;
}

/** What was found out about the rows on the way. */
export interface Found {
  readonly rows: number;
  readonly labelsSha256: string;
  /** Undefined where a model has yet to make them. */
  readonly scores: ScoreWriter | undefined;
  readonly weights: WeightRows;
}

/** Rows whose weights are odd. */
interface WeightRows {
  readonly negative: BadRows;
  readonly zero: BadRows;
}

interface FillParts {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: FillRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly to: TableFiles;
  /** Of the arrays that the reading fills. */
  readonly stretchRows: number;
}

/** One query over all columns, stretch by stretch. Throws as `confirmRead` does. */
export async function fillFiles(parts: FillParts): Promise<Found> {
  const { db, source, request, reading, stretchRows } = parts;
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
    stretch.take(chunk.rows);
    request.onRows?.(stretch.rows, facts.rows);
  }
  await stretch.write();
  await confirmRead(source, stretch.rows);
  return stretch.found();
}

/** The rows that were read last. */
class Stretch {
  readonly #parts: FillParts;
  readonly #sinks: readonly Sink[];
  readonly #packed: ReturnType<typeof emptyPayloads>;
  readonly #labelHash;
  readonly #scores: ScoreWriter | undefined;
  readonly #weights: WeightRows = { negative: new BadRows(), zero: new BadRows() };
  #written = 0;
  /** The next row of the stretch. */
  start = 0;

  constructor(parts: FillParts) {
    const { reading, groups, request, stretchRows, to } = parts;
    this.#parts = parts;
    this.#sinks = sinksOf(reading);
    this.#packed = emptyPayloads(groups.payloadBytes, stretchRows, false);
    this.#labelHash = startEvalSet("binary", request.order);
    const isSaid = reading.score !== undefined || reading.prediction !== undefined;
    this.#scores = isSaid ? new ScoreWriter(to.stored.scores) : undefined;
  }

  /** Of the table, so far. */
  get rows(): number {
    return this.#written + this.start;
  }

  take(rows: number): void {
    this.start += rows;
  }

  async write(): Promise<void> {
    const rows = this.start;
    if (rows === 0) return;
    const { reading, groups, to } = this.#parts;
    const at = this.#written;
    const codes = codesOf(reading.label).subarray(0, rows);
    const packed = this.#packed.subarray(0, rows);
    groups.pack(codes, packed);
    this.#labelHash.update(codes);
    await to.stored.payloads.write(at, packed);
    const weights = reading.weight && doublesOf(reading.weight).subarray(0, rows);
    if (weights !== undefined) {
      this.#lookAtWeights(weights);
      await to.stored.weights?.write(at, weights);
    }
    const said = saidIn(reading, rows);
    if (said !== undefined) await this.#scores?.add(said, weights);
    this.#written += rows;
    this.start = 0;
    for (const { bad } of [...this.#sinks, { bad: this.#weights.negative }, { bad: this.#weights.zero }])
      bad.from = this.#written;
    // Only ones are written among them.
    codes.fill(0);
    if (said?.kind === "prediction") said.values.fill(0);
  }

  found(): Found {
    return {
      rows: this.#written,
      labelsSha256: this.#labelHash.digest("hex"),
      scores: this.#scores,
      weights: this.#weights,
    };
  }

  #lookAtWeights(weights: Float64Array): void {
    const { negative, zero } = this.#weights;
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] ?? 0;
      if (weight < 0) negative.add(row);
      else if (weight === 0) zero.add(row);
    }
  }
}

function saidIn({ score, prediction }: TableReading, rows: number): Said | undefined {
  if (score !== undefined) return { kind: "score", values: score.sink.values.subarray(0, rows) };
  if (prediction === undefined) return undefined;
  return { kind: "prediction", values: codesOf(prediction).subarray(0, rows) };
}

/** 0 or 1 a row, in memory that the next rows use again. */
export function codesOf(reading: LabelReading): Uint8Array {
  const labels = reading.labels();
  if (labels.kind === "binary") return labels.codes;
  throw new RangeError("labels that are not 0 and 1 are not measured from disk so");
}
