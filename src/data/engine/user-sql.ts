import { z } from "zod";
import type { Measure } from "../plan/measure.ts";
import type { DuckDb } from "./duckdb.ts";
import { quoteText } from "./sql.ts";

const parsed = z.object({
  error: z.boolean(),
  error_message: z.string().optional(),
  statements: z.array(z.object({ node: z.looseObject({ type: z.string() }) })).optional(),
});

/** What `SELECT (expression)` is, and no more: nothing after the bracket, no name, no table. */
const bareSelect = z.object({
  type: z.literal("SELECT_NODE"),
  select_list: z.array(z.looseObject({ alias: z.literal("") })).length(1),
  from_table: z.object({ type: z.literal("EMPTY") }),
  modifiers: z.array(z.never()),
  group_expressions: z.array(z.never()),
  where_clause: z.null(),
  having: z.null(),
  qualify: z.null(),
  sample: z.null(),
});

/** Kinds of the parser's tree that are more than the columns of one row, in words. */
const forbiddenKinds: Readonly<Record<string, string>> = {
  SUBQUERY: "a subquery",
  WINDOW: "a window",
  STAR: "a *",
  POSITIONAL_REFERENCE: "a column by its number",
  PARAMETER: "a parameter",
};

/**
 * Why the SQL that a user wrote into `measure` is refused; undefined where it is what it may be: an expression over one row
 * (no subquery, no window, no second expression), or one SELECT. What it may read is the sandbox's business (`DuckDb.lock`).
 */
async function refusedUserSql(measure: Measure, db: DuckDb): Promise<string | undefined> {
  if (measure.kind === "query") return await refusedQuery(measure.sql, db);
  for (const sql of expressionsIn(measure)) {
    const reason = await refusedExpression(sql, db);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** `refusedUserSql`, with each text looked at once, however many measures it stands in. */
export function userSqlJudge(db: DuckDb): (measure: Measure) => Promise<string | undefined> {
  const judged = new Map<string, string | undefined>();
  return async (measure) => {
    const texts = measure.kind === "query" ? [measure.sql] : expressionsIn(measure);
    if (texts.length === 0) return undefined;
    const key = JSON.stringify([measure.kind === "query", ...texts]);
    if (!judged.has(key)) judged.set(key, await refusedUserSql(measure, db));
    return judged.get(key);
  };
}

async function refusedQuery(sql: string, db: DuckDb): Promise<string | undefined> {
  const found = await parse(sql, db);
  if (typeof found === "string") return `${found}; expected one SELECT over the table data`;
  return found.length === 1 ? undefined : `${found.length} statements stand there; expected one SELECT`;
}

async function refusedExpression(sql: string, db: DuckDb): Promise<string | undefined> {
  const found = await parse(`SELECT (${sql}\n)`, db);
  if (typeof found === "string") return `${JSON.stringify(sql)} is no SQL expression: ${found}`;
  const [statement, ...others] = found;
  const node = bareSelect.safeParse(statement?.node);
  if (!node.success || others.length > 0)
    return `${JSON.stringify(sql)} is more than one SQL expression over a row`;
  const forbidden = Object.keys(forbiddenKinds).find((word) => holdsClass(node.data.select_list, word));
  return forbidden === undefined
    ? undefined
    : `${JSON.stringify(sql)} holds ${forbiddenKinds[forbidden]}: only the columns of one row can be used here, by their names (use a sql check)`;
}

/** The statements of an SQL text, or why DuckDB's parser takes it for none. */
async function parse(sql: string, db: DuckDb) {
  const [row] = await db.query(`SELECT CAST(json_serialize_sql(${quoteText(sql)}) AS VARCHAR) AS tree`);
  const tree = parsed.safeParse(readTree(String(row?.["tree"])));
  if (!tree.success) return "it holds a number that no number can be";
  return statementsOf(tree.data);
}

/** Undefined for what DuckDB writes of a number such as 1e400: no JSON. */
function readTree(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function statementsOf(tree: z.infer<typeof parsed>) {
  if (tree.error)
    return (tree.error_message ?? "it cannot be parsed").split("\n")[0] ?? "it cannot be parsed";
  return tree.statements ?? [];
}

function holdsClass(tree: unknown, word: string): boolean {
  if (Array.isArray(tree)) return tree.some((part) => holdsClass(part, word));
  if (typeof tree !== "object" || tree === null) return false;
  return Object.entries(tree).some(
    ([key, value]) => (key === "class" && value === word) || holdsClass(value, word),
  );
}

/** The texts of all `user` expressions in a measure. */
function expressionsIn(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(expressionsIn);
  if (typeof tree !== "object" || tree === null) return [];
  if ("op" in tree && tree.op === "user" && "sql" in tree) return [String(tree.sql)];
  return Object.values(tree).flatMap(expressionsIn);
}
