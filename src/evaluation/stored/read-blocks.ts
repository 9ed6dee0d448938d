import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { type NumberChunk, streamNumbers } from "../read/number-chunks.ts";
import type { Sink } from "../read/sinks.ts";

/** How rows are read that are not in memory all at once: into sinks, and from these to where they are kept. */
export interface BlockReading {
  /** One a column of the query, in its order. */
  readonly sinks: readonly Sink[];
  /** Rows that the sinks have room for; more than any chunk of the engine has, or all rows. */
  readonly blockRows: number;
  /** Of the table, as they were counted. */
  readonly rows: number;
  /** Keeps what lies in the sinks: so many rows, the first of which is this one of the table. */
  readonly write: (block: Block) => Promise<void>;
  readonly onRows?: ((done: number, all: number) => void) | undefined;
}

export interface Block {
  readonly start: number;
  readonly rows: number;
}

/**
 * Reads a table block by block, with one query over the columns of the sinks. Rows that DuckDB holds as a whole would come a little
 * sooner, but their memory is free again only when the garbage of JavaScript is collected, which can be more than the job has.
 * Answers how many rows there were. Throws as `confirmRead` does.
 */
export async function readTableBlocks(
  db: DuckDb,
  source: TableSource,
  reading: BlockReading,
): Promise<number> {
  const sql = `SELECT ${reading.sinks.map((sink) => sink.sql).join(", ")} FROM ${source.sql}`;
  const rows = await readBlocks(streamNumbers(db, sql), reading);
  await confirmRead(source, rows);
  return rows;
}

/** Answers how many rows the chunks had. */
export async function readBlocks(chunks: AsyncIterable<NumberChunk>, reading: BlockReading): Promise<number> {
  const { sinks, blockRows, rows, write, onRows } = reading;
  let [start, filled] = [0, 0];
  const flush = async () => {
    await write({ start, rows: filled });
    start += filled;
    filled = 0;
    for (const { bad } of sinks) bad.from = start;
  };
  for await (const chunk of chunks) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (start + filled + chunk.rows > rows) break;
    if (filled + chunk.rows > blockRows) await flush();
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: filled, gaps: chunk.gaps[index] });
    }
    filled += chunk.rows;
    onRows?.(start + filled, rows);
  }
  if (filled > 0) await flush();
  return start;
}
