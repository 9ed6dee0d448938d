import type { FailingRows } from "../plan/check.ts";
import type { FailingRow, WantedRows } from "../plan/engine.ts";
import { column } from "../plan/expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { wholeNumbers } from "./element-table.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import type { EngineTable } from "./table-scope.ts";

/** No column of a file is called so: names in files hold no NUL. */
const position = "\u0000position";
const positionIdentifier = "mlops_row_position";

/** The first failing rows in the order of the files. Rows that no query of ours can find, those of a user's query, are none. */
export async function failingRowsOf(
  failing: FailingRows,
  wanted: WantedRows,
  { db, table, texts }: RowsParts & { readonly db: DuckDb },
): Promise<readonly FailingRow[]> {
  const { rows, shown } = failing;
  if (!isOfTable(rows)) return [];
  const asked = [...shown, ...wanted.columns.map((name) => column(name)), column(position)];
  const sql = failingRowsSql(rows, asked, { table: numbered(table), texts });
  const last = `s${asked.length - 1}`;
  const found = await db.query(`SELECT * FROM (${sql}) ORDER BY ${last} LIMIT ${wanted.limit}`);
  return found.map((row) => {
    const cells = asked.map((_, index) => row[`s${index}`] ?? null);
    return {
      position: Number(cells.at(-1)),
      values: cells.slice(0, shown.length),
      columns: cells.slice(shown.length, -1),
    };
  });
}

/** The table with the number of each row as one more column. DuckDB keeps the order of the files where nothing else is asked. */
function numbered(table: EngineTable): EngineTable {
  return {
    sql: `(SELECT *, row_number() OVER () - 1 AS ${positionIdentifier} FROM ${table.sql})`,
    identifierOf: (name) => (name === position ? positionIdentifier : table.identifierOf(name)),
    columns: [...table.columns, wholeNumbers(position)],
    footers: [],
    quick: table.quick,
  };
}
