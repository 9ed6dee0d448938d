import type { DuckDb } from "../../data/engine/duckdb.ts";
import { quoteIdentifier } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { columnOf, textSql } from "./expressions.ts";

/** The different texts of a column, each with a code, so that rows are read as codes. */
export interface Dictionary {
  readonly column: string;
  /** By code, sorted as UTF-8. */
  readonly texts: readonly string[];
  /** The code of rows without a value, `texts.length`. */
  readonly missingCode: number;
  /** Gives the code of a row. */
  readonly sql: string;
}

/** One query for all columns. Each must be known to have few values. */
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
      `list_sort(coalesce(list(DISTINCT ${text}) FILTER (${text} IS NOT NULL), [])) AS c${index}`,
  );
  const table = quoteIdentifier(`dictionary of ${distinct.join(", ")}`);
  await db.query(`CREATE TEMP TABLE ${table} AS SELECT ${lists.join(", ")} FROM ${source.sql}`);
  const [row = {}] = await db.query(`SELECT * FROM ${table}`);
  const found: [string, Dictionary][] = [];
  for (const [index, column] of distinct.entries()) {
    const cells = row[`c${index}`];
    const words = Array.isArray(cells) ? cells.map(String) : [];
    const missing = unusedText(words);
    const type = quoteIdentifier(`codes of ${column}`);
    await db.query(
      `CREATE TYPE ${type} AS ENUM (SELECT unnest(list_append(c${index}, '${missing}')) FROM ${table})`,
    );
    const sql = `CAST(coalesce(${texts[index]}, '${missing}') AS ${type})`;
    found.push([column, { column, texts: words, missingCode: words.length, sql }]);
  }
  return new Map(found);
}

function unusedText(texts: readonly string[]): string {
  let text = "missing";
  while (texts.includes(text)) text += "_";
  return text;
}
