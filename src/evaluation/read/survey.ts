import type { DuckDb, Row } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { columnOf, isInteger, isNumber, isReal, isText, tryNumberSql } from "./expressions.ts";

/** What the first rows of a table tell of a column. */
interface ColumnSurvey {
  /** Different values; undefined where they were not counted. */
  readonly distinct: number | undefined;
  /** More than half of the values are numbers, where that was asked. */
  readonly isNumeric: boolean;
}

/** By column. */
export type TableSurvey = ReadonlyMap<string, ColumnSurvey>;

/** A continuous column shows in these; counting the different values of all rows would cost more than reading them. */
const firstRows = 10_000;

/** What is to be found out of a column. */
interface Question {
  readonly column: SourceColumn;
  /** Whether its values are to be counted, and whether its texts are to be read as numbers. */
  readonly isCounted: boolean;
  readonly isRead: boolean;
}

/**
 * Looks at the columns whose values decide how they are read. Of labels and predictions it is found out whether they are numbers, of
 * texts among them and of `counted` columns, such as those of groups, how many different values there are.
 */
export async function surveyTable(
  db: DuckDb,
  source: TableSource,
  { labels, counted }: { readonly labels: readonly string[]; readonly counted: readonly string[] },
): Promise<TableSurvey> {
  const questions = [...new Set([...labels, ...counted])].map((name): Question => {
    const column = columnOf(source, name);
    const isRead = labels.includes(name) && isText(column);
    return { column, isRead, isCounted: isRead || counted.includes(name) };
  });
  const found = await firstFigures(db, source, questions);
  return new Map(
    questions.map(({ column, isCounted }, index): [string, ColumnSurvey] => [
      column.name,
      {
        distinct: isCounted ? Number(found[`distinct${index}`] ?? 0) : undefined,
        isNumeric: isNumber(column) || found[`numeric${index}`] === true,
      },
    ]),
  );
}

async function firstFigures(db: DuckDb, source: TableSource, questions: readonly Question[]): Promise<Row> {
  const parts = questions.flatMap(({ column, isCounted, isRead }, index) => [
    ...(isCounted ? [`count(DISTINCT ${column.sql}) AS distinct${index}`] : []),
    ...(isRead ? [`count(${tryNumberSql(column)}) * 2 > count(${column.sql}) AS numeric${index}`] : []),
  ]);
  if (parts.length === 0) return {};
  const asked = questions.filter(({ isCounted }) => isCounted).map(({ column }) => column.sql);
  const inner = [...new Set(asked)].join(", ");
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
