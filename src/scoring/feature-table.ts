import type { DuckDb } from "../data/engine/duckdb.ts";
import { quoteText } from "../data/engine/sql.ts";
import type { SourceColumn, TableSource } from "../data/sources/table-source.ts";
import { ColumnBuffer, type FeatureData, type FeatureType } from "./column-buffer.ts";

/** What pandas' `read_csv` takes for a missing value (its documentation, parameter `na_values`); scores must not differ from it. */
const missingWords =
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split(
    "|",
  );
/** Of a batch of features. */
export const mostBatchRows = 65_536;
const chunkRows = 2048;
const batchBytes = 32 * 1024 * 1024;

export interface FeatureSelection {
  readonly name: string;
  readonly type: FeatureType;
  /** What to write in SQL for it, over `TableSource.sql`. */
  readonly sql: string;
}

/**
 * The columns of a table as a model gets them. A CSV gets the types that pandas would give it (whole numbers, floats, true and
 * false, text), a Parquet file keeps its own; nested values, times and numbers of more than 64 bits go as text.
 */
export async function featureColumns(db: DuckDb, source: TableSource): Promise<readonly FeatureSelection[]> {
  return source.format === "csv" ? await inferTypes(db, source) : source.columns.map(ownType);
}

/**
 * The rows in order, in batches of exactly 65,536 (fewer where the table is wide; the last has the rest). A model may look at its
 * batch as a whole: batches that depended on how the engine happens to cut a CSV would give other scores in every run. The memory
 * of a batch is used again for the next.
 */
export async function* readFeatures(
  db: DuckDb,
  source: TableSource,
  columns: readonly FeatureSelection[],
): AsyncGenerator<readonly FeatureData[]> {
  const sql = `SELECT ${columns.map((column) => column.sql).join(", ")} FROM ${source.sql}`;
  const wanted = Math.floor(batchBytes / (8 * columns.length) / chunkRows) * chunkRows;
  const capacity = Math.min(mostBatchRows, Math.max(chunkRows, wanted));
  const buffers = columns.map(({ type }) => new ColumnBuffer(type, capacity));
  let rows = 0;
  try {
    for await (const chunk of db.streamVectors(sql)) {
      for (let from = 0; from < chunk.rows; ) {
        const to = Math.min(chunk.rows, from + capacity - rows);
        for (const [index, vector] of chunk.columns.entries()) buffers[index]?.append(vector, from, to);
        rows += to - from;
        from = to;
        if (rows < capacity) continue;
        yield buffers.map((buffer) => buffer.take());
        rows = 0;
      }
    }
  } catch (error) {
    throw source.explain(error);
  }
  if (rows > 0) yield buffers.map((buffer) => buffer.take());
}

async function inferTypes(db: DuckDb, source: TableSource): Promise<FeatureSelection[]> {
  const plain = source.columns.map((column) => ({ name: column.name, sql: withoutMissing(column.sql) }));
  const tests = plain.flatMap(({ sql }) => [
    `coalesce(bool_and(regexp_full_match(${sql}, '\\s*[+-]?\\d{1,18}\\s*')), false)`,
    `coalesce(bool_and(${sql} IS NULL OR TRY_CAST(${sql} AS DOUBLE) IS NOT NULL), true)`,
    `coalesce(bool_and(${sql} IN ('True', 'TRUE', 'true', 'False', 'FALSE', 'false')), false)`,
    `bool_or(${sql} IS NULL)`,
  ]);
  const row = await db
    .query(`SELECT ${tests.map((test, index) => `${test} AS t${index}`).join(", ")} FROM ${source.sql}`)
    .then(([first]) => first ?? {})
    .catch((error: unknown) => {
      throw source.explain(error);
    });
  return plain.map(({ name, sql }, index) => {
    const [isWhole, isFloat, isBoolean, hasMissing] = [0, 1, 2, 3].map(
      (test) => row[`t${index * 4 + test}`] === true,
    );
    if (isWhole && !hasMissing) return { name, type: "int64", sql: `CAST(${sql} AS BIGINT)` };
    if (isFloat) return { name, type: "float64", sql: `CAST(${sql} AS DOUBLE)` };
    if (isBoolean) return { name, type: "bool", sql: `CAST(lower(${sql}) AS BOOLEAN)` };
    return { name, type: "text", sql };
  });
}

function withoutMissing(sql: string): string {
  return `(CASE WHEN ${sql} IN (${missingWords.map(quoteText).join(", ")}) THEN NULL ELSE ${sql} END)`;
}

function ownType({ name, sql, engineType }: SourceColumn): FeatureSelection {
  const type = ownTypes[engineType];
  if (type !== undefined) return { name, type, sql };
  if (engineType.startsWith("DECIMAL")) return { name, type: "float64", sql: `CAST(${sql} AS DOUBLE)` };
  return { name, type: "text", sql: `CAST(${sql} AS VARCHAR)` };
}

const ownTypes: Readonly<Record<string, FeatureType>> = {
  BOOLEAN: "bool",
  TINYINT: "int8",
  SMALLINT: "int16",
  INTEGER: "int32",
  BIGINT: "int64",
  UTINYINT: "uint8",
  USMALLINT: "uint16",
  UINTEGER: "uint32",
  UBIGINT: "uint64",
  FLOAT: "float32",
  DOUBLE: "float64",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp-utc",
  VARCHAR: "text",
};
