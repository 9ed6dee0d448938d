import type { DuckDb, Row } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { columnOf, isInteger, isNumber, isReal, isText, tryNumberSql } from "./expressions.ts";

/** What is known of a column before its rows are read one by one. */
interface ColumnSurvey {
  /** Among the first rows. */
  readonly distinct: number;
  /** More than half of the values are numbers; of a text column, among the first rows. */
  readonly isNumeric: boolean;
  /** All values are 0 or 1. Undefined for a text column, whose dictionary says it. */
  readonly isZeroOne: boolean | undefined;
}

export interface TableSurvey {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnSurvey>;
}

/** A continuous column shows in these; counting the different values of all rows would cost more than reading them. */
const firstRows = 50_000;

/** Looks at the columns whose values decide how they are read: labels and predictions, and columns of groups. */
export async function surveyTable(
  db: DuckDb,
  source: TableSource,
  wanted: { readonly labels: readonly string[]; readonly groups: readonly string[] },
): Promise<TableSurvey> {
  const names = [...new Set([...wanted.labels, ...wanted.groups])];
  const columns = names.map((name) => columnOf(source, name));
  const few = await firstFigures(db, source, columns);
  const labels = columns.filter((column) => wanted.labels.includes(column.name));
  const zeroOne = labels.map((column, index) => `${zeroOneSql(column)} AS binary${index}`);
  const [all = {}] = await db.query(`SELECT ${["count(*) AS n", ...zeroOne].join(", ")} FROM ${source.sql}`);
  const found = columns.map((column, index): [string, ColumnSurvey] => {
    const place = labels.indexOf(column);
    const isZeroOne = place < 0 || isText(column) ? undefined : all[`binary${place}`] === true;
    const isMostlyNumbers = few[`numeric${index}`] === true;
    return [
      column.name,
      {
        distinct: Number(few[`distinct${index}`] ?? 0),
        isNumeric: isNumber(column) || isMostlyNumbers,
        isZeroOne,
      },
    ];
  });
  return { rows: Number(all["n"]), columns: new Map(found) };
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

function zeroOneSql({ sql, engineType }: SourceColumn): string {
  if (engineType === "BOOLEAN") return "true";
  if (isInteger(engineType)) return `coalesce(min(${sql}) >= 0 AND max(${sql}) <= 1, true)`;
  if (isReal(engineType)) return `coalesce(bool_and(${sql} IN (0, 1)), true)`;
  return "false";
}
