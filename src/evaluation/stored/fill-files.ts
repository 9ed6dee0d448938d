import { createHash } from "node:crypto";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { type Columns, emptyPayloads, emptyScores, type Scores } from "../../metrics/binary/columns.ts";
import { joinedRange } from "../../metrics/binary/partition.ts";
import { type CellRange, cellRange } from "../../metrics/binary/score-cells.ts";
import type { StoredRows, WritableColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { startEvalSet } from "../eval-set.ts";
import { streamRows } from "../read/number-chunks.ts";
import { sinksOf, type TableReading } from "../read/plan-reading.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import type { Sink } from "../read/sinks.ts";
import type { RowOrder } from "../row-ids.ts";
import type { GroupFields } from "./group-fields.ts";

export interface FillRequest extends Pick<ReadRequest, "onRows"> {
  readonly look: FirstLook;
  readonly order: RowOrder | undefined;
}

/** What was found out about the rows on the way. */
export interface Found {
  readonly rows: number;
  readonly like: Scores;
  readonly cells: CellRange;
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

/** One query over all columns, stretch by stretch. Throws as `confirmRead` does. */
export async function fillFiles(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: FillRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly to: StoredRows<WritableColumn>;
}): Promise<Found> {
  const { db, source, request, reading, to } = parts;
  const { facts } = request.look;
  const sinks = sinksOf(reading);
  const scores = scoresOf(reading);
  const stretch = new Stretch(parts);
  const columns = sinks.map((sink) => sink.sql);
  for await (const chunk of streamRows(db, source, columns)) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (stretch.rows + chunk.rows > facts.rows) break;
    if (stretch.start + chunk.rows > scores.length) await stretch.write(to);
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: stretch.start, gaps: chunk.gaps[index] });
    }
    stretch.take(chunk.rows);
    request.onRows?.(stretch.rows, facts.rows);
  }
  await stretch.write(to);
  await confirmRead(source, stretch.rows);
  return { rows: stretch.rows, like: emptyScores(scores, 0, false), ...stretch.facts };
}

/** The rows that were read last. */
class Stretch {
  readonly #reading: TableReading;
  readonly #groups: GroupFields;
  readonly #sinks: readonly Sink[];
  readonly #packed: Columns["payloads"];
  readonly #labelHash;
  readonly #scoreHash = createHash("sha256");
  readonly #ranges: CellRange[] = [];
  #written = 0;
  /** The next row of the stretch. */
  start = 0;

  constructor(parts: {
    readonly request: FillRequest;
    readonly reading: TableReading;
    readonly groups: GroupFields;
  }) {
    this.#reading = parts.reading;
    this.#groups = parts.groups;
    this.#sinks = sinksOf(parts.reading);
    this.#packed = emptyPayloads(parts.groups.payloadBytes, scoresOf(parts.reading).length, false);
    this.#labelHash = startEvalSet("binary", parts.request.order);
  }

  /** Of the table, so far. */
  get rows(): number {
    return this.#written + this.start;
  }

  take(rows: number): void {
    this.start += rows;
  }

  async write(to: StoredRows<WritableColumn>): Promise<void> {
    const rows = this.start;
    if (rows === 0) return;
    const scores = scoresOf(this.#reading).subarray(0, rows);
    const labels = this.#reading.label.labels();
    if (labels.kind !== "binary")
      throw new RangeError("labels that are not 0 and 1 are not measured from disk");
    const packed = this.#packed.subarray(0, rows);
    this.#groups.pack(labels.codes.subarray(0, rows), packed);
    this.#labelHash.update(labels.codes.subarray(0, rows));
    this.#scoreHash.update(scores);
    this.#ranges.push(cellRange({ scores, start: 0, end: rows }));
    await to.scores.write(this.#written, scores);
    await to.payloads.write(this.#written, packed);
    this.#written += rows;
    this.start = 0;
    for (const sink of this.#sinks) sink.bad.from = this.#written;
    // Only ones are written among the labels.
    labels.codes.fill(0);
  }

  /** To be asked for once, at the end. */
  get facts(): Pick<Found, "cells" | "labelsSha256" | "scoresSha256"> {
    return {
      cells: joinedRange(this.#ranges),
      labelsSha256: this.#labelHash.digest("hex"),
      scoresSha256: this.#scoreHash.digest("hex"),
    };
  }
}

/** Where the scores of a stretch are read to. */
export function scoresOf({ score }: TableReading): Scores {
  if (score === undefined) throw new RangeError("a table without scores is not measured from disk");
  return score.sink.values;
}
