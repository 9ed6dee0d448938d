/** Text of SQL made from names and values that others chose. Nothing else in this program may paste them into SQL. */

/** `a"b` -> `"a""b"`. Any text is a column name. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `it's` -> `'it''s'`. DuckDB's plain literals know no backslash escapes. */
export function quoteText(text: string): string {
  // A NUL cannot stand inside an SQL text: the statement would end there.
  if (!text.includes("\0")) return `'${text.replaceAll("'", "''")}'`;
  return text
    .split("\0")
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(" || chr(0) || ");
}

/** A finite number as a literal of type DOUBLE, exact: JavaScript prints the shortest text that reads back the same. */
export function doubleLiteral(value: number): string {
  return `CAST('${value}' AS DOUBLE)`;
}

/** A file name for DuckDB's readers, which would take `*`, `?` and `[` for patterns. */
export function quotePath(file: string): string {
  return quoteText(file.replace(/[*?[]/g, (mark) => `[${mark}]`));
}
