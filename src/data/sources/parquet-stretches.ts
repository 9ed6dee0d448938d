import { quotePath } from "../engine/sql.ts";
import type { Located } from "./located.ts";
import type { ParquetTable } from "./parquet-table.ts";
import { tableExpression } from "./source-parts.ts";
import type { SourceColumn } from "./table-source.ts";

interface StretchRequest {
  readonly files: readonly Located[];
  readonly table: ParquetTable;
  readonly columns: readonly SourceColumn[];
}

/** A row group that lies across two stretches is unpacked for both. */
const leastGroups = 2;

/** DuckDB's own column for the number of a row in its file; it skips the row groups without a wanted one. */
const rowNumber = "file_row_number";

/**
 * See `TableSource.stretches`: small files together, large ones in parts. Undefined where row groups are larger than stretches, or
 * where a column of the files takes the name of DuckDB's row number; one stretch where there are few rows.
 */
export function parquetStretches(request: StretchRequest, mostRows: number): string[] | undefined {
  const { files, table, columns } = request;
  const all = table.rows.reduce((sum, rows) => sum + rows, 0);
  if (all <= mostRows) return [tableExpression(table.reader, columns, [])];
  const isTaken = columns.some((column) => column.name.toLowerCase() === rowNumber);
  if (!table.isUniform || isTaken || table.groupRows * leastGroups > mostRows) return undefined;
  const found: string[] = [];
  let small: { readonly paths: string[]; rows: number } = { paths: [], rows: 0 };
  const close = () => {
    if (small.paths.length > 0) found.push(tableExpression(readerOf(small.paths), columns, []));
    small = { paths: [], rows: 0 };
  };
  for (const [index, { absolutePath }] of files.entries()) {
    const rows = table.rows[index] ?? 0;
    if (small.rows + rows > mostRows) close();
    if (rows <= mostRows) {
      small.paths.push(absolutePath);
      small.rows += rows;
      continue;
    }
    for (let from = 0; from < rows; from += mostRows)
      found.push(partOf(absolutePath, { columns, from, to: from + mostRows }));
  }
  close();
  return found;
}

function readerOf(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quotePath).join(", ")}], hive_partitioning = false)`;
}

function partOf(
  path: string,
  {
    columns,
    from,
    to,
  }: { readonly columns: readonly SourceColumn[]; readonly from: number; readonly to: number },
): string {
  const names = columns.map((column) => column.sql).join(", ");
  return `(SELECT ${names} FROM ${readerOf([path])} AS t(${names}) WHERE ${rowNumber} >= ${from} AND ${rowNumber} < ${to})`;
}
