import type { KeepRows } from "../plan/engine.ts";
import { column, textOf } from "../plan/expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import { quoteIdentifier, quoteText } from "./sql.ts";
import { dataView } from "./views.ts";

interface Parts extends RowsParts {
  readonly db: DuckDb;
}

/** The column that names the rule; the table's own columns may not be called so. */
const ruleColumn = "failed_rule";

/**
 * Writes the failing rows of all rules to one Parquet file: the rule, the key columns as they are, then the other columns as
 * masked text, or as they are where that is allowed. A row that breaks two rules stands there twice.
 */
export async function writeFailingRows(request: KeepRows, parts: Parts): Promise<number> {
  const selects: string[] = [];
  for (const { name, failing } of request.rules) {
    const rows = failing.rows;
    const sql = isOfTable(rows) ? tableRows(name, { ...failing, rows }, request, parts) : undefined;
    if (sql !== undefined) selects.push(sql);
    else if (rows.kind === "query") selects.push(await queryRows(name, rows.sql, request, parts));
  }
  const empty = `SELECT CAST(NULL AS VARCHAR) AS ${ruleColumn} WHERE false`;
  const union = selects.length === 0 ? empty : selects.join("\nUNION ALL BY NAME\n");
  const [row] = await parts.db.query(
    `COPY (${union}) TO ${quoteText(request.file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return Number(row?.["Count"] ?? 0);
}

type TableRows = { readonly rows: Parameters<typeof failingRowsSql>[0] };

function tableRows(name: string, { rows }: TableRows, request: KeepRows, parts: Parts): string {
  const columns = ordered(
    parts.table.columns.filter((one) => one.path === undefined).map((one) => one.name),
    request,
  );
  const shown = columns.map((one) => keptExpression(one, request, parts));
  const list = columns.map((one, index) => keptValue(`s${index}`, one, request));
  return `SELECT ${quoteText(name)} AS ${ruleColumn}, ${list.join(", ")} FROM (${failingRowsSql(rows, shown, parts)})`;
}

/** Text of a CSV stays text: the number that it stands for may be one that Parquet cannot hold. */
function keptExpression(name: string, request: KeepRows, { table }: Parts) {
  const isPlain = request.showsValues || request.keyColumns.includes(name);
  const isText = table.columns.find((one) => one.name === name)?.storage === "text";
  return isPlain && !isText ? column(name) : textOf(name);
}

/** Of what a user's query returns, the columns that the table has too. */
async function queryRows(name: string, sql: string, request: KeepRows, { db }: Parts): Promise<string> {
  const described = await db.query(`DESCRIBE SELECT * FROM (${sql}\n)`);
  const known = await db.query(`DESCRIBE SELECT * FROM ${quoteIdentifier(dataView)}`);
  const names = new Set(known.map((row) => String(row["column_name"])));
  const columns = ordered(
    described.map((row) => String(row["column_name"])).filter((one) => names.has(one)),
    request,
  );
  const list = columns.map((one) => {
    const isPlain = request.showsValues || request.keyColumns.includes(one);
    const value = `q.${quoteIdentifier(one)}`;
    return keptValue(isPlain ? value : `CAST(${value} AS VARCHAR)`, one, request);
  });
  return `SELECT ${[`${quoteText(name)} AS ${ruleColumn}`, ...list].join(", ")} FROM (${sql}\n) AS q`;
}

function ordered(names: readonly string[], { keyColumns }: KeepRows): string[] {
  const keys = keyColumns.filter((name) => names.includes(name));
  return [...keys, ...names.filter((name) => !keys.includes(name))];
}

/** As `mask` in mask.ts. */
function keptValue(value: string, name: string, request: KeepRows): string {
  const isPlain = request.showsValues || request.keyColumns.includes(name);
  const sql = isPlain ? value : `left(${value}, 1) || '***(' || length(${value}) || ')'`;
  return `${sql} AS ${quoteIdentifier(name)}`;
}
