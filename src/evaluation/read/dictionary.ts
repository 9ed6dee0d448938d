import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { columnOf, textSql } from "./expressions.ts";

/** The different texts of a column, each with a code, so that rows are read as codes. */
export interface Dictionary {
  readonly column: string;
  /** By code, sorted as UTF-8. */
  readonly texts: readonly string[];
  /** Whether there are rows without a value; their code is `texts.length`. */
  readonly hasMissing: boolean;
  /** Gives the code of a row. */
  readonly sql: string;
}

/** One query for all columns, once a database. Each column must be known to have few values. */
export async function readDictionaries(
  db: DuckDb,
  source: TableSource,
  names: readonly string[],
): Promise<ReadonlyMap<string, Dictionary>> {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return new Map();
  const texts = distinct.map((name) => textSql(columnOf(source, name)));
  const lists = texts.map(
    (text, index) =>
      `count(*) > count(${text}) AS m${index}, list_sort(coalesce(list(DISTINCT ${text}) FILTER (${text} IS NOT NULL), [])) AS c${index}`,
  );
  await db.query(`CREATE TEMP TABLE dictionaries AS SELECT ${lists.join(", ")} FROM ${source.sql}`);
  const [row = {}] = await db.query(`SELECT * FROM dictionaries`);
  const found: [string, Dictionary][] = [];
  for (const [index, column] of distinct.entries()) {
    const cells = row[`c${index}`];
    const words = Array.isArray(cells) ? cells.map(String) : [];
    const missing = unusedText(words);
    // By number: names that differ in case only are one to SQL.
    const type = `codes${index}`;
    await db.query(
      `CREATE TYPE ${type} AS ENUM (SELECT unnest(list_append(c${index}, '${missing}')) FROM dictionaries)`,
    );
    const sql = `CAST(coalesce(${texts[index]}, '${missing}') AS ${type})`;
    found.push([column, { column, texts: words, hasMissing: row[`m${index}`] === true, sql }]);
  }
  return new Map(found);
}

function unusedText(texts: readonly string[]): string {
  let text = "missing";
  while (texts.includes(text)) text += "_";
  return text;
}
