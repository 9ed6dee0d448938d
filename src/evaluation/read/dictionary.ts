import type { DuckDb, Row } from "../../data/engine/duckdb.ts";
import { quoteText } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { columnOf, isText, textSql } from "./expressions.ts";

/** The different texts of a column, each with a code, so that rows are read as codes. */
export interface Dictionary {
  readonly column: string;
  /** By code, sorted as UTF-8. */
  readonly texts: readonly string[];
  /** Whether there are rows without a value; their code is `texts.length`, or NULL. */
  readonly hasMissing: boolean;
  /** Gives the code of a row, counted from `firstCode`. */
  readonly sql: string;
  readonly firstCode: number;
}

/** A list of so many texts is searched as fast as hashed. */
const shortList = 16;

/** Of a table, and of the same table with what a model made of it. */
export type DictionaryTable = "dictionaries" | "answered_dictionaries";

/** A figure over all rows, and under which name. */
export interface Figure {
  readonly sql: string;
  readonly as: string;
}

/** One query for all columns and `figures`, kept as a table of that name (`as`), which no other call may have. Each column must be known to have few values. */
export async function readDictionaries(
  db: DuckDb,
  source: TableSource,
  {
    names,
    figures,
    as = "dictionaries",
  }: {
    readonly names: readonly string[];
    readonly figures: readonly Figure[];
    readonly as?: DictionaryTable | "query_dictionary";
  },
): Promise<{ readonly dictionaries: ReadonlyMap<string, Dictionary>; readonly row: Row }> {
  const distinct = [...new Set(names)];
  const lists = distinct.map((name, index) => {
    const column = columnOf(source, name);
    // The bare column of a Parquet file is looked at by its dictionaries, not row by row.
    return `list_sort(coalesce(list(DISTINCT ${isText(column) ? column.sql : textSql(column)}), [])) AS c${index}`;
  });
  const all = [...figures.map(({ sql, as }) => `${sql} AS ${as}`), ...lists].join(", ");
  await db.query(`CREATE TEMP TABLE ${as} AS SELECT ${all} FROM ${source.sql}`);
  const [row = {}] = await db.query(`SELECT * FROM ${as}`);
  const found: [string, Dictionary][] = [];
  for (const [index, column] of distinct.entries()) {
    const cells = row[`c${index}`];
    const values = Array.isArray(cells) ? cells : [];
    const texts = values.filter((cell) => cell !== null && cell !== "").map(String);
    const how = await codesSql(db, source, { column, index, texts, as });
    found.push([column, { column, texts, hasMissing: texts.length < values.length, ...how }]);
  }
  return { dictionaries: new Map(found), row };
}

/**
 * A function looks at each different text of a page of Parquet once, a cast at every row. An ENUM is made from the temporary table by
 * number: names that differ in case only are one to SQL.
 */
async function codesSql(
  db: DuckDb,
  source: TableSource,
  {
    column,
    index,
    texts,
    as,
  }: {
    readonly column: string;
    readonly index: number;
    readonly texts: readonly string[];
    readonly as: string;
  },
): Promise<Pick<Dictionary, "sql" | "firstCode">> {
  const found = columnOf(source, column);
  if (isText(found) && texts.length > 0 && texts.length <= shortList) {
    const list = texts.map((text) => quoteText(text)).join(", ");
    return { sql: `CAST(list_position([${list}], ${found.sql}) AS UTINYINT)`, firstCode: 1 };
  }
  const missing = unusedText(texts);
  const type = `${as}_codes${index}`;
  const named = `list_filter(c${index}, lambda one: one IS NOT NULL AND one <> '')`;
  await db.query(
    `CREATE TYPE ${type} AS ENUM (SELECT unnest(list_append(${named}, '${missing}')) FROM ${as})`,
  );
  return { sql: `CAST(coalesce(${textSql(found)}, '${missing}') AS ${type})`, firstCode: 0 };
}

function unusedText(texts: readonly string[]): string {
  let text = "missing";
  while (texts.includes(text)) text += "_";
  return text;
}
