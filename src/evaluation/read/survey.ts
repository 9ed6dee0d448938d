import type { DuckDb, Row } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { columnOf, isInteger, isNumber, isReal, isText, tryNumberSql } from "./expressions.ts";

/** What the first rows of a table tell of a column. */
interface ColumnSurvey {
  /** Different values. */
  readonly distinct: number;
  /** More than half of the values are numbers. */
  readonly isNumeric: boolean;
}

/** By column. */
export type TableSurvey = ReadonlyMap<string, ColumnSurvey>;

/** A continuous column shows in these; counting the different values of all rows would cost more than reading them. */
const firstRows = 10_000;

/** Looks at the columns whose values decide how they are read: labels and predictions, and columns of groups. */
export async function surveyTable(
  db: DuckDb,
  source: TableSource,
  names: readonly string[],
): Promise<TableSurvey> {
  const columns = [...new Set(names)].map((name) => columnOf(source, name));
  const few = await firstFigures(db, source, columns);
  const found = columns.map((column, index): [string, ColumnSurvey] => [
    column.name,
    {
      distinct: Number(few[`distinct${index}`] ?? 0),
      isNumeric: isNumber(column) || few[`numeric${index}`] === true,
    },
  ]);
  return new Map(found);
}

async function firstFigures(db: DuckDb, source: TableSource, columns: readonly SourceColumn[]): Promise<Row> {
  if (columns.length === 0) return {};
  const parts = columns.flatMap((column, index) => [
    `count(DISTINCT ${column.sql}) AS distinct${index}`,
    ...(isText(column)
      ? [`count(${tryNumberSql(column)}) * 2 > count(${column.sql}) AS numeric${index}`]
      : []),
  ]);
  const inner = [...new Set(columns.map((column) => column.sql))].join(", ");
  const [row = {}] = await db.query(
    `SELECT ${parts.join(", ")} FROM (SELECT ${inner} FROM ${source.sql} LIMIT ${firstRows})`,
  );
  return row;
}

/** Whether all values are 0 or 1, over all rows; undefined for a text column, whose dictionary says it. */
export function zeroOneSql({ sql, engineType }: SourceColumn): string | undefined {
  if (engineType === "VARCHAR") return undefined;
  if (engineType === "BOOLEAN") return "true";
  if (isInteger(engineType)) return `coalesce(min(${sql}) >= 0 AND max(${sql}) <= 1, true)`;
  if (isReal(engineType)) return `coalesce(bool_and(${sql} IN (0, 1)), true)`;
  return "false";
}
