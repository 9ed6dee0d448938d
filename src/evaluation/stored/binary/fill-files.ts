import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import { startEvalSet } from "../../eval-set.ts";
import { doublesOf } from "../../read/float-readings.ts";
import type { LabelReading } from "../../read/labels.ts";
import { sinksOf, type TableReading } from "../../read/plan-reading.ts";
import type { FirstLook, ReadRequest } from "../../read/read-table.ts";
import type { RowOrder } from "../../row-ids.ts";
import type { GroupFields } from "../group-fields.ts";
import { type Block, readTableBlocks } from "../read-blocks.ts";
import { WeightRows } from "../weight-rows.ts";
import type { BinaryFiles } from "./binary-files.ts";
import { type Said, ScoreWriter } from "./score-writer.ts";

interface FillRequest extends Pick<ReadRequest, "onRows"> {
  readonly look: FirstLook;
  readonly order: RowOrder | undefined;
}

/** What was found out about the rows on the way. */
export interface Found {
  readonly rows: number;
  readonly labelsSha256: string;
  readonly scores: ScoreWriter;
  readonly weights: WeightRows;
}

interface FillParts {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: FillRequest;
  readonly reading: TableReading;
  readonly groups: GroupFields;
  readonly to: BinaryFiles;
  /** Of the arrays that the reading fills. */
  readonly blockRows: number;
}

/** Writes the rows into files, block by block. Throws as `confirmRead` does. */
export async function fillFiles(parts: FillParts): Promise<Found> {
  const { db, source, request, reading, groups, to, blockRows } = parts;
  const packed = emptyPayloads(groups.payloadBytes, blockRows, false);
  const labels = startEvalSet("binary", request.order);
  const scores = new ScoreWriter(to.stored.scores);
  const weights = new WeightRows();
  const write = async ({ start, rows }: Block) => {
    const codes = codesOf(reading.label).subarray(0, rows);
    const payloads = packed.subarray(0, rows);
    groups.pack(codes, payloads);
    labels.update(codes);
    await to.stored.payloads.write(start, payloads);
    const weight = reading.weight && doublesOf(reading.weight).subarray(0, rows);
    if (weight !== undefined) {
      weights.take(weight, start);
      await to.stored.weights?.write(start, weight);
    }
    const said = saidIn(reading, rows);
    await scores.add(said, weight);
    // Only ones are written among them.
    codes.fill(0);
    if (said.kind === "prediction") said.values.fill(0);
  };
  const rows = await readTableBlocks(db, source, {
    ...{ sinks: sinksOf(reading), blockRows, write, onRows: request.onRows },
    rows: request.look.facts.rows,
  });
  return { rows, labelsSha256: labels.digest("hex"), scores, weights };
}

function saidIn({ score, prediction }: TableReading, rows: number): Said {
  if (score !== undefined) return { kind: "score", values: score.sink.values.subarray(0, rows) };
  if (prediction === undefined) throw new RangeError("a table without scores");
  return { kind: "prediction", values: codesOf(prediction).subarray(0, rows) };
}

/** 0 or 1 a row, in memory that the next rows use again. */
export function codesOf(reading: LabelReading): Uint8Array {
  const labels = reading.labels();
  if (labels.kind === "binary") return labels.codes;
  throw new RangeError("labels that are not 0 and 1 are not measured from disk so");
}
