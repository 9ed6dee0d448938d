import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { startEvalSet } from "../../eval-set.ts";
import type { LabelReading } from "../../read/labels.ts";
import { planReading } from "../../read/plan-reading.ts";
import type { FloatSink, Sink } from "../../read/sinks.ts";
import type { RowIds } from "../../row-ids.ts";
import { ColumnFile } from "../column-file.ts";
import { hashColumn } from "../hash-column.ts";
import { readInIdOrder } from "../id-order.ts";
import type { Block } from "../read-blocks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { codesOf } from "./fill-files.ts";

/** More rows than any chunk of the engine has. */
const blockRows = 2 ** 16;

interface DigestRequest {
  readonly request: StoreRequest;
  readonly ids: RowIds;
  readonly signal: AbortSignal;
}

/** Hex. */
interface Digests {
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

/**
 * The digests of a table whose rows do not stand in the order of their ids: DuckDB sorts ids, labels and what the model said, out of
 * memory where it must. All rows must have been read before, and none refused. Throws `not-evaluable` for ids that stand twice.
 */
export async function sortedDigests(db: DuckDb, source: TableSource, asked: DigestRequest): Promise<Digests> {
  const { request, ids, signal } = asked;
  const { rows } = request.look.facts;
  const { label, said } = hashedColumns(source, request);
  const labels = await ColumnFile.make(path.join(db.folder, "sorted-labels.column"));
  const scoreHash = createHash("sha256");
  const write = async (block: Block) => {
    const [codes, values] = [label, said].map((one) => one.values().subarray(0, block.rows));
    if (codes === undefined || values === undefined) throw new RangeError("columns that are not hashed");
    await labels.write(block.start, codes);
    scoreHash.update(values);
    // Only ones are written among codes.
    for (const own of [codes, values]) if (own instanceof Uint8Array) own.fill(0);
  };
  try {
    const identified = { from: source.sql, ids, columns: [label, said], uri: request.uri };
    const order = await readInIdOrder(db, identified, { blockRows, rows, write });
    const labelHash = startEvalSet("binary", order);
    await hashColumn(labelHash, labels, { rows, signal, like: (count) => new Uint8Array(count) });
    return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await labels.close();
  }
}

/** A column as it is hashed. */
interface HashedColumn {
  readonly sql: string;
  readonly sink: Sink;
  /** Of the rows that were read last. */
  values(): Uint8Array | Float32Array | Float64Array;
}

function hashedColumns(
  source: TableSource,
  request: StoreRequest,
): { readonly label: HashedColumn; readonly said: HashedColumn } {
  const { look } = request;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: blockRows });
  const { score, prediction } = reading;
  const label = codesColumn(reading.label);
  if (score !== undefined) return { label, said: floatsColumn(score.sink) };
  if (prediction !== undefined) return { label, said: codesColumn(prediction) };
  throw new RangeError("a table without scores");
}

function codesColumn(reading: LabelReading): HashedColumn {
  return { sql: reading.sink.sql, sink: reading.sink, values: () => codesOf(reading) };
}

function floatsColumn(sink: FloatSink): HashedColumn {
  return { sql: sink.sql, sink, values: () => sink.values };
}
