import type { DuckDb } from "../data/engine/duckdb.ts";
import { quoteText } from "../data/engine/sql.ts";
import type { SourceColumn, TableSource } from "../data/sources/table-source.ts";
import { type ArrowBatch, type ArrowColumn, type ArrowType, writeArrowFile } from "./arrow.ts";

/** What pandas' `read_csv` takes for a missing value (its documentation, parameter `na_values`); scores must not differ from it. */
const missingWords =
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split(
    "|",
  );
const batchRows = 65_536;

interface TypedColumn extends ArrowColumn {
  readonly sql: string;
}

/**
 * Writes a table to an Arrow file for the model. A CSV gets the types that pandas would give it (whole numbers, floats, true and
 * false, text), a Parquet file keeps its own; dates and nested values go as text.
 */
export async function writeFeatureTable(db: DuckDb, source: TableSource, file: string): Promise<void> {
  const columns = source.format === "csv" ? await inferTypes(db, source) : source.columns.map(ownType);
  const sql = `SELECT ${columns.map((column) => column.sql).join(", ")} FROM ${source.sql}`;
  try {
    await writeArrowFile(file, columns, batches(db, sql, columns));
  } catch (error) {
    throw source.explain(error);
  }
}

async function inferTypes(db: DuckDb, source: TableSource): Promise<TypedColumn[]> {
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

function ownType({ name, sql, engineType }: SourceColumn): TypedColumn {
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(engineType) && engineType !== "UBIGINT")
    return { name, type: "int64", sql: `CAST(${sql} AS BIGINT)` };
  if (engineType === "FLOAT") return { name, type: "float32", sql };
  if (engineType === "DOUBLE" || engineType.startsWith("DECIMAL"))
    return { name, type: "float64", sql: `CAST(${sql} AS DOUBLE)` };
  if (engineType === "BOOLEAN") return { name, type: "bool", sql };
  return { name, type: "text", sql: `CAST(${sql} AS VARCHAR)` };
}

type Value = string | number | bigint | boolean | null;

async function* batches(
  db: DuckDb,
  sql: string,
  columns: readonly TypedColumn[],
): AsyncGenerator<ArrowBatch> {
  let waiting = columns.map((): Value[] => []);
  for await (const chunk of db.streamColumns(sql)) {
    for (const [index, cells] of chunk.columns.entries()) {
      const type = columns[index]?.type ?? "text";
      for (const cell of cells) waiting[index]?.push(arrowValue(cell, type));
    }
    if ((waiting[0]?.length ?? 0) < batchRows) continue;
    yield waiting;
    waiting = columns.map(() => []);
  }
  if ((waiting[0]?.length ?? 0) > 0) yield waiting;
}

function arrowValue(cell: unknown, type: ArrowType): Value {
  if (cell === null || cell === undefined) return null;
  if (type === "int64")
    return BigInt(typeof cell === "number" || typeof cell === "bigint" ? cell : String(cell));
  if (type === "text") return String(cell);
  return typeof cell === "number" || typeof cell === "boolean" ? cell : Number(cell);
}
