import { type ElementList, listsTo, type PlanColumn } from "../plan/column.ts";
import type { KeepRows } from "../plan/engine.ts";
import { column, textOf } from "../plan/expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { placeColumn } from "./element-table.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import { quoteIdentifier, quoteText } from "./sql.ts";
import { dataView } from "./views.ts";

/** What is to be kept, and how its columns are called there. */
interface Kept extends KeepRows {
  readonly names: KeptNames;
}

interface Parts extends RowsParts {
  readonly db: DuckDb;
}

/** The columns that name the rule, and the element; with a _ before them for each column of the table that is called so. */
const ruleName = "failed_rule";
const elementName = "failed_element";

/**
 * How a column is called in the file: two names that differ in case only are one to SQL, so the second is numbered; a column
 * without a name gets one, and a NUL, which SQL cannot write, is left out.
 */
interface KeptNames {
  readonly rule: string;
  readonly element: string;
  of(column: string): string;
}

function keptNames(columns: readonly PlanColumn[]): KeptNames {
  const lowered = new Set(columns.map((one) => one.name.toLowerCase()));
  const free = (name: string): string => (lowered.has(name) ? free(`_${name}`) : name);
  const [rule, element] = [free(ruleName), free(elementName)];
  const names = new Map<string, string>();
  const taken = new Set([rule, element]);
  for (const [index, { name }] of columns.filter((one) => one.path === undefined).entries()) {
    const written = name.replaceAll("\0", "") || `Unnamed: ${index}`;
    let kept = written;
    for (let number = 2; taken.has(kept.toLowerCase()); number += 1) kept = `${written}_${number}`;
    taken.add(kept.toLowerCase());
    names.set(name, kept);
  }
  return { rule, element, of: (column) => names.get(column) ?? column };
}

/**
 * Writes the failing rows of all rules to one Parquet file: the rule, the key columns as they are, then the other columns as
 * masked text, or as they are where that is allowed. A row that breaks two rules stands there twice, and one with two elements that
 * break a rule too: behind the rule stands which element it is.
 */
export async function writeFailingRows(asked: KeepRows, parts: Parts): Promise<number> {
  const request = { ...asked, names: keptNames(parts.table.columns) };
  const selects: string[] = [];
  for (const { name, failing } of request.rules) {
    const rows = failing.rows;
    const sql = isOfTable(rows) ? tableRows(name, { ...failing, rows }, request, parts) : undefined;
    if (sql !== undefined) selects.push(sql);
    else if (rows.kind === "query") selects.push(await queryRows(name, rows.sql, request, parts));
  }
  const empty = `SELECT CAST(NULL AS VARCHAR) AS ${request.names.rule} WHERE false`;
  const union = selects.length === 0 ? empty : selects.join("\nUNION ALL BY NAME\n");
  const [row] = await parts.db.query(
    `COPY (${union}) TO ${quoteText(request.file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return Number(row?.["Count"] ?? 0);
}

type TableRows = { readonly rows: Parameters<typeof failingRowsSql>[0] };

function tableRows(name: string, { rows }: TableRows, request: Kept, parts: Parts): string {
  const columns = ordered(
    parts.table.columns.filter((one) => one.path === undefined).map((one) => one.name),
    request,
  );
  const lists = rows.elementsOf === undefined ? [] : listsTo(rows.elementsOf);
  const places = lists.map((_, depth) => column(placeColumn(depth)));
  const shown = [...columns.map((one) => keptExpression(one, request, parts)), ...places];
  const list = columns.map((one, index) => keptValue(`s${index}`, one, request));
  const element = elementSql(lists, (depth) => `s${columns.length + depth}`);
  const first = [
    `${quoteText(name)} AS ${request.names.rule}`,
    ...(lists.length === 0 ? [] : [`${element} AS ${request.names.element}`]),
  ];
  return `SELECT ${[...first, ...list].join(", ")} FROM (${failingRowsSql(rows, shown, parts)})`;
}

/** `items[3].tags[0]`, as text: each list by its name, with the place of the element in it. */
function elementSql(lists: readonly ElementList[], placeOf: (depth: number) => string): string {
  return lists
    .flatMap(({ name, within }, depth) => [
      quoteText(name.slice(within?.name.length ?? 0, -1)),
      placeOf(depth),
      "']'",
    ])
    .join(" || ");
}

/** Text of a CSV stays text: the number that it stands for may be one that Parquet cannot hold. */
function keptExpression(name: string, request: KeepRows, { table }: Parts) {
  const isPlain = request.showsValues || request.keyColumns.includes(name);
  const isText = table.columns.find((one) => one.name === name)?.storage === "text";
  return isPlain && !isText ? column(name) : textOf(name);
}

/** Of what a user's query returns, the columns that the table has too. */
async function queryRows(name: string, sql: string, request: Kept, { db }: Parts): Promise<string> {
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
  return `SELECT ${[`${quoteText(name)} AS ${request.names.rule}`, ...list].join(", ")} FROM (${sql}\n) AS q`;
}

function ordered(names: readonly string[], { keyColumns }: KeepRows): string[] {
  const keys = keyColumns.filter((name) => names.includes(name));
  return [...keys, ...names.filter((name) => !keys.includes(name))];
}

/** As `mask` in mask.ts. */
function keptValue(value: string, name: string, request: Kept): string {
  const isPlain = request.showsValues || request.keyColumns.includes(name);
  const sql = isPlain ? value : `left(${value}, 1) || '***(' || length(${value}) || ')'`;
  return `${sql} AS ${quoteIdentifier(request.names.of(name))}`;
}
