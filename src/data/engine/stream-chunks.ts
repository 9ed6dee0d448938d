import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";

/** Does work of the engine, which ends where the program is told to end. */
export type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** The chunks of a query as `take` sees each of them; while one is looked at, the next is on its way from the engine's threads. */
export async function* streamChunks<T>(
  connection: DuckDBConnection,
  sql: string,
  { guarded, take }: { readonly guarded: Guard; readonly take: (chunk: DuckDBDataChunk) => T },
): AsyncIterable<T> {
  const result = await guarded(() => connection.stream(sql));
  const ask = () => {
    const asked = guarded(() => result.fetchChunk());
    // It may fail while the chunk before is looked at, and is heard of after that.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  let isDone = false;
  try {
    for (;;) {
      const chunk = await next;
      isDone = chunk === null || chunk.rowCount === 0;
      if (chunk === null || isDone) return;
      next = ask();
      const { rowCount } = chunk;
      yield take(chunk);
      // Asked for once more, so that the chunk, whose memory was handed out, is not collected while somebody looks at it.
      if (chunk.rowCount !== rowCount) throw new RangeError("a chunk of DuckDB changed its size");
    }
  } finally {
    // The rows that nobody wants may be long in coming, and the connection does nothing else before.
    if (!isDone) connection.interrupt();
    await next.catch(() => undefined);
  }
}
