import { messageOf } from "../../errors.ts";

/**
 * Whether what DuckDB threw says that a question was wrong, not that the data could not be read: a user's expression that does
 * not fit its columns, an overflow, a pattern that is none. Then only that measure has no answer.
 */
export function isMeasureFault(error: unknown): boolean {
  const text = messageOf(error);
  // The engine is locked when the tables are open: only a query of the user's can ask for another file.
  if (/^Permission Error: .*disabled by configuration/.test(text)) return true;
  // These quote what the question names, which may be a field called parquet.
  if (/^(Binder|Parser|Catalog) Error: /.test(text)) return true;
  if (/CSV Error|Parquet|parquet|IO Error/.test(text)) return false;
  return /^(Conversion|Out of Range|Invalid Input|Not implemented|Invalid|Constraint) Error: /.test(text);
}

/** DuckDB's message in one line, without the statement that it quotes. */
export function faultText(error: unknown): string {
  const lines = messageOf(error)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return (lines[0] ?? "unknown reason").slice(0, 300);
}
