import type { FailingRows } from "../plan/check.ts";
import type { FailingRow, WantedRows } from "../plan/engine.ts";
import { column, type Expression } from "../plan/expression.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DuckDb, Row } from "./duckdb.ts";
import { wholeNumbers } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import { failingRowsSql, isOfTable, type RowsParts } from "./rows-sql.ts";
import { TableScope } from "./table-scope.ts";

/** No column of a file is called so: names in files hold no NUL. */
const position = "\u0000position";
const positionIdentifier = "mlops_row_position";

/** Rules whose rows are found together, and how many rows these may be. */
const rulesPerQuery = 250;
const rowsPerQuery = 5000;

interface Parts extends RowsParts {
  readonly db: DuckDb;
}

type TableRows = FailingRows & { readonly rows: Parameters<typeof failingRowsSql>[0] };

interface Asked {
  readonly failing: TableRows;
  readonly limit: number;
}

/**
 * For each of `wanted` the first failing rows in the order of the files. Rows that no query of ours can find, those of a
 * user's query, are none.
 */
export async function failingRowsOf(
  wanted: readonly WantedRows[],
  columns: readonly string[],
  parts: Parts,
): Promise<readonly (readonly FailingRow[])[]> {
  const read = { ...parts, table: numbered(parts.table), columns: columns.map((name) => column(name)) };
  // Rules that differ in what they allow only have the same rows.
  const keys = wanted.map((one) => JSON.stringify(one));
  const asked = new Map<string, Asked>();
  for (const [index, { failing, limit }] of wanted.entries()) {
    const { rows, shown } = failing;
    if (isOfTable(rows)) asked.set(keys[index] ?? "", { failing: { rows, shown }, limit });
  }
  const found: (readonly FailingRow[])[] = [];
  for (const chunk of chunks([...asked.values()]))
    found.push(...(chunk.length === 1 ? await rowsOfOne(chunk, read) : await rowsOfAll(chunk, read)));
  const byKey = new Map([...asked.keys()].map((key, index) => [key, found[index] ?? []]));
  return keys.map((key) => byKey.get(key) ?? []);
}

function chunks(asked: readonly Asked[]): Asked[][] {
  const found: Asked[][] = [];
  let room = 0;
  for (const one of asked) {
    const last = found.at(-1);
    const isFull = last === undefined || last.length === rulesPerQuery || room < one.limit;
    // Elements of lists are another table: a rule on them is asked for on its own.
    if (isFull || isOfElements(one) || last.some(isOfElements)) {
      found.push([one]);
      room = rowsPerQuery - one.limit;
    } else {
      last.push(one);
      room -= one.limit;
    }
  }
  return found;
}

function isOfElements({ failing }: Asked): boolean {
  return failing.rows.elementsOf !== undefined;
}

interface Read extends Parts {
  /** To give with each row. */
  readonly columns: readonly Expression[];
}

async function rowsOfOne(rules: readonly Asked[], read: Read): Promise<FailingRow[][]> {
  const found: FailingRow[][] = [];
  for (const { failing, limit } of rules) {
    const asked = [...failing.shown, ...read.columns, column(position)];
    const sql = failingRowsSql(failing.rows, asked, read);
    const last = `s${asked.length - 1}`;
    const rows = await read.db.query(`SELECT * FROM (${sql}) ORDER BY ${last} LIMIT ${limit}`);
    found.push(rows.map((row) => rowOf(row, failing, read)));
  }
  return found;
}

function rowOf(row: Row, { shown }: FailingRows, { columns }: Read): FailingRow {
  const cells = Array.from(
    { length: shown.length + columns.length + 1 },
    (_, index) => row[`s${index}`] ?? null,
  );
  return {
    position: Number(cells.at(-1)),
    values: cells.slice(0, shown.length),
    columns: cells.slice(shown.length, -1),
  };
}

/** First which rows they are, then what stands in them: values are carried for no row that is not shown. */
async function rowsOfAll(rules: readonly Asked[], read: Read): Promise<FailingRow[][]> {
  const positions = await positionsOf(rules, read);
  const needed = [...new Set(positions.flat())];
  if (needed.length === 0) return rules.map(() => []);
  const scope = new TableScope(read.table);
  const place = compileExpression(column(position), scope);
  const lists = rules.map(({ failing }, rule) => {
    const asked = [...failing.shown, ...read.columns, column(position)];
    const cells = asked.map((one, index) => `'s${index}': ${compileExpression(one, scope)}`).join(", ");
    const own = `list_contains([${(positions[rule] ?? []).join(", ")}]::BIGINT[], ${place})`;
    return `list_filter(list(CASE WHEN ${own} THEN {${cells}} END), lambda x: x IS NOT NULL) AS r${rule}`;
  });
  const [row] = await read.db.query(
    `SELECT ${lists.join(",\n")} FROM ${scope.from()} WHERE ${place} IN (${needed.join(", ")})`,
  );
  return rules.map(({ failing }, rule) =>
    rowsIn(row?.[`r${rule}`])
      .map((cells) => rowOf(cells, failing, read))
      .toSorted((a, b) => a.position - b.position),
  );
}

/** A list of structs. */
function rowsIn(cell: Row[string] | undefined): Row[] {
  const list: readonly unknown[] = Array.isArray(cell) ? cell : [];
  return list.filter((one): one is Row => typeof one === "object" && one !== null);
}

/** Predicates on single rows share one scan. Of each rule the first positions, at most as many as it may show. */
async function positionsOf(rules: readonly Asked[], { db, table, texts }: Read): Promise<number[][]> {
  const found: number[][] = rules.map(() => []);
  const scope = new TableScope(table);
  const place = compileExpression(column(position), scope);
  const lists: string[] = [];
  const selects: string[] = [];
  for (const [rule, { failing, limit }] of rules.entries()) {
    const { rows } = failing;
    if (rows.kind === "count") {
      const where = rows.where === undefined ? "true" : compileExpression(rows.where, scope);
      lists.push(`min(CASE WHEN ${where} THEN ${place} END, ${limit}) AS r${rule}`);
    } else {
      const sql = failingRowsSql(rows, [column(position)], { table, texts });
      selects.push(`(SELECT ${rule} AS r, s0 FROM (${sql}) ORDER BY s0 LIMIT ${limit})`);
    }
  }
  const [row] = lists.length === 0 ? [] : await db.query(`SELECT ${lists.join(",\n")} FROM ${scope.from()}`);
  for (const [name, cell] of Object.entries(row ?? {}))
    found[Number(name.slice(1))] = Array.isArray(cell) ? cell.map(Number) : [];
  for (const one of selects.length === 0 ? [] : await db.query(selects.join("\nUNION ALL ")))
    found[Number(one["r"])]?.push(Number(one["s0"]));
  return found;
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
