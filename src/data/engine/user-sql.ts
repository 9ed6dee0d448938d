import * as z from "zod";
import { keyOf, type Measure } from "../plan/measure.ts";
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

/** Texts that one query has parsed: a query each would cost a millisecond and more (5,000 at once: 0.2 s in all). */
const textsPerQuery = 1000;

/**
 * Why the SQL that a user wrote into a measure is refused, by `keyOf(measure)`; not there where it is what it may be: an expression over
 * one row (no subquery, no window, no second expression), or one SELECT. What it may read is the sandbox's business (`DuckDb.lock`).
 */
export async function refusedUserSql(
  measures: readonly Measure[],
  db: DuckDb,
): Promise<ReadonlyMap<string, string>> {
  const asked = measures.flatMap((measure) => {
    const texts = measure.kind === "query" ? [measure.sql] : expressionsIn(measure);
    return texts.map((text) => ({
      measure,
      text,
      sql: measure.kind === "query" ? text : `SELECT (${text}\n)`,
    }));
  });
  const trees = await parse([...new Set(asked.map((one) => one.sql))], db);
  const refused = new Map<string, string>();
  for (const { measure, text, sql } of asked) {
    const tree = trees.get(sql) ?? "it cannot be parsed";
    const reason = measure.kind === "query" ? queryFault(tree) : expressionFault(text, tree);
    if (reason !== undefined) refused.set(keyOf(measure), reason);
  }
  return refused;
}

/** The statements of an SQL text, or why DuckDB's parser takes it for none. */
type Tree = string | NonNullable<z.infer<typeof parsed>["statements"]>;

function queryFault(tree: Tree): string | undefined {
  if (typeof tree === "string") return `${tree}; expected one SELECT over the table data`;
  return tree.length === 1 ? undefined : `${tree.length} statements stand there; expected one SELECT`;
}

function expressionFault(sql: string, tree: Tree): string | undefined {
  if (typeof tree === "string") return `${JSON.stringify(sql)} is no SQL expression: ${tree}`;
  const [statement, ...others] = tree;
  const node = bareSelect.safeParse(statement?.node, { jitless: true });
  if (!node.success || others.length > 0)
    return `${JSON.stringify(sql)} is more than one SQL expression over a row`;
  const forbidden = Object.keys(forbiddenKinds).find((word) => holdsClass(node.data.select_list, word));
  return forbidden === undefined
    ? undefined
    : `${JSON.stringify(sql)} holds ${forbiddenKinds[forbidden]}: only the columns of one row can be used here, by their names (use a sql check)`;
}

async function parse(texts: readonly string[], db: DuckDb): Promise<ReadonlyMap<string, Tree>> {
  const found = new Map<string, Tree>();
  for (let start = 0; start < texts.length; start += textsPerQuery) {
    const part = texts.slice(start, start + textsPerQuery);
    const rows = part.map((text, place) => `(${place}, ${quoteText(text)})`).join(", ");
    const trees = await db.query(
      `SELECT place, CAST(json_serialize_sql(sql) AS VARCHAR) AS tree FROM (VALUES ${rows}) AS texts(place, sql)`,
    );
    for (const row of trees) {
      const tree = parsed.safeParse(readTree(String(row["tree"])), { jitless: true });
      const text = part[Number(row["place"])] ?? "";
      found.set(text, tree.success ? statementsOf(tree.data) : "it holds a number that no number can be");
    }
  }
  return found;
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
