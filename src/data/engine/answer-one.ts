import type { AggregateMeasure, Answer, Measure, ValuesMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import type { Cell, DuckDb, Row } from "./duckdb.ts";
import { countDuplicates, explainDuplicates } from "./duplicates.ts";
import { rowsOf } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import { type FailingTexts, textsSql } from "./failing-texts.ts";
import { pickQuantiles, ranksOf, shareOfRank } from "./quantiles.ts";
import { countRowsSql } from "./rows-sql.ts";
import { compileScan, plainItem } from "./scan.ts";
import { doubleLiteral, quoteIdentifier } from "./sql.ts";
import { TableScope } from "./table-scope.ts";
import { withinLimit } from "./time-limit.ts";
import { createView, dataView } from "./views.ts";

type QuantilesMeasure = AggregateMeasure & { readonly kind: "quantiles" };
type DistinctMeasure = AggregateMeasure & { readonly kind: "distinct" };
type QueryMeasure = Extract<Measure, { readonly kind: "query" }>;
type UnmatchedMeasure = Extract<Measure, { readonly kind: "unmatched" }>;
type FrequenciesMeasure = ValuesMeasure & { readonly kind: "frequencies" };

export interface SingleParts {
  readonly db: DuckDb;
  readonly table: EngineTable;
  readonly texts: FailingTexts;
}

/** The answer to a measure that has a query of its own. Throws what DuckDB throws. */
export async function answerOne(measure: Measure, parts: SingleParts): Promise<Answer> {
  const { db, table } = parts;
  switch (measure.kind) {
    case "distinct":
      return await single(distinctSql(measure, table), db);
    case "frequencies":
      return await frequencies(measure, db, table);
    case "quantiles":
      return await quantiles(measure, db, table);
    case "query":
      return await ofQuery(measure, db, table);
    case "table-rows":
      return await single(`SELECT count(*) AS n FROM ${quoteIdentifier(measure.table)}`, db);
    case "failing-test": {
      const found = await parts.texts.find(measure, table);
      if (typeof found === "object") return { kind: "error", message: found.error };
      return { kind: "value", value: found };
    }
    case "duplicates":
      return { kind: "value", value: await countDuplicates(measure, { db, table }) };
    case "unmatched": {
      const message = await missingKeys(measure, db);
      if (message !== undefined) return { kind: "error", message };
      return await single(countRowsSql(measure, parts), db);
    }
    case "disorder":
      return await single(countRowsSql(measure, parts), db);
    default:
      throw new Error(`${measure.kind} belongs into a scan`);
  }
}

async function ofQuery({ sql, limitMs }: QueryMeasure, db: DuckDb, table: EngineTable): Promise<Answer> {
  await createView(dataView, table, db);
  // The hash has every column found: one that cannot be would end the queries that show the rows.
  const counting = `SELECT count(*) AS n, bit_xor(hash("rows of a query")) AS h FROM (${sql}\n) AS "rows of a query"`;
  const answer = await withinLimit(db, limitMs, () => single(counting, db));
  if (answer !== undefined) return answer.found;
  const message = `the query was ended after its time limit of ${limitMs / 1000} s; make it smaller, or give it more time (timeout, in a contract)`;
  return { kind: "error", message };
}

async function missingKeys({ table, tableKeys }: UnmatchedMeasure, db: DuckDb): Promise<string | undefined> {
  const described = await db.query(`DESCRIBE SELECT * FROM ${quoteIdentifier(table)}`);
  const names = described.map((row) => String(row["column_name"]));
  const known = new Set(names.map((name) => name.toLowerCase()));
  const missing = tableKeys.filter((key) => !known.has(key.toLowerCase()));
  if (missing.length === 0) return undefined;
  return `the other table has no column ${missing.join(", ")}; it has ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`;
}

/** The statements of `answerOne`, for people. */
export function explainOne(measure: Measure, parts: SingleParts): readonly string[] {
  const { table } = parts;
  switch (measure.kind) {
    case "distinct":
      return [distinctSql(measure, table)];
    case "frequencies":
      return [frequenciesSql(measure, table)];
    case "quantiles":
      return [quantilesSql(measure, measure.at, table)];
    case "query":
      return [measure.sql];
    case "table-rows":
      return [`SELECT count(*) AS n FROM ${quoteIdentifier(measure.table)}`];
    case "failing-test":
      return [textsSql(measure, table)];
    case "duplicates":
      return explainDuplicates(measure, table);
    case "disorder":
    case "unmatched":
      return [countRowsSql(measure, parts)];
    default:
      throw new Error(`${measure.kind} belongs into a scan`);
  }
}

async function single(sql: string, db: DuckDb): Promise<Answer> {
  const [row] = await db.query(sql);
  return { kind: "value", value: row?.["n"] ?? null };
}

function distinctSql(measure: DistinctMeasure, table: EngineTable): string {
  const scope = new TableScope(rowsOf(measure, table));
  const keys = measure.of.map((one, index) => `${compileExpression(one, scope)} AS k${index}`);
  const where = measure.where === undefined ? "true" : compileExpression(measure.where, scope);
  const kept = measure.of.length === 1 ? "k0 IS NOT NULL" : "true";
  return `SELECT count(*) AS n FROM (SELECT DISTINCT * FROM (SELECT ${keys.join(", ")} FROM ${scope.from()} WHERE ${where}) WHERE ${kept})`;
}

function frequenciesSql(measure: FrequenciesMeasure, table: EngineTable): string {
  const scope = new TableScope(rowsOf(measure, table));
  const keys = measure.of.map((one, index) => `${compileExpression(one, scope)} AS k${index}`);
  const where = measure.where === undefined ? "true" : compileExpression(measure.where, scope);
  const names = measure.of.map((_, index) => `k${index}`);
  return `SELECT ${names.join(", ")}, count(*) AS n FROM (SELECT ${keys.join(", ")} FROM ${scope.from()} WHERE ${where}) GROUP BY ALL ORDER BY n DESC, ${names.join(", ")} LIMIT ${measure.limit + 1}`;
}

async function frequencies(measure: FrequenciesMeasure, db: DuckDb, table: EngineTable): Promise<Answer> {
  const rows = await db.query(frequenciesSql(measure, table));
  const found = rows.slice(0, measure.limit).map((row) => ({
    values: measure.of.map((_, index): Cell => row[`k${index}`] ?? null),
    count: Number(row["n"]),
  }));
  return { kind: "frequencies", frequencies: found, hasMore: rows.length > measure.limit };
}

function quantilesSql(measure: QuantilesMeasure, at: readonly number[], table: EngineTable): string {
  const scope = new TableScope(rowsOf(measure, table));
  const of = compileExpression(measure.of, scope);
  const where = measure.where === undefined ? "true" : compileExpression(measure.where, scope);
  const shares = at.map((share) => doubleLiteral(share)).join(", ");
  return `SELECT quantile_disc(${of}, [${shares}]) AS found FROM ${scope.from()} WHERE ${where}`;
}

/** numpy's methods take values by their rank: first the number of values, then those at the ranks. */
async function quantiles(measure: QuantilesMeasure, db: DuckDb, table: EngineTable): Promise<Answer> {
  const present = { op: "not", value: { op: "is-unknown", value: measure.of } } as const;
  const where =
    measure.where === undefined ? present : ({ op: "and", parts: [measure.where, present] } as const);
  const [row] = await db.query(
    compileScan([plainItem({ kind: "count", where }, () => {})], rowsOf(measure, table)).sql,
  );
  const count = Number(row?.["m0"] ?? 0);
  const ranks = ranksOf(measure.at, count);
  const shares = ranks.map((rank) => shareOfRank(rank, count));
  const [found] = count === 0 ? [] : await db.query(quantilesSql(measure, shares, table));
  const values = listOf(found);
  return {
    kind: "values",
    values: pickQuantiles(measure, count, (rank) => values[ranks.indexOf(rank)] ?? null),
  };
}

function listOf(row: Row | undefined): readonly Cell[] {
  const list = row?.["found"];
  return Array.isArray(list) ? list : [];
}
