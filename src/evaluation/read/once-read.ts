import type { DuckDb } from "../../data/engine/duckdb.ts";
import { quoteIdentifier } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../columns.ts";

const name = "evaluated_rows";

/** Of a larger one the copy would cost more memory, and then disk, than it saves of time. */
const mostBytes = 250e6;

/**
 * A CSV as a table of the engine, of the columns that are needed: it is parsed once instead of with each of the queries over it. A large
 * one, and every other source, as it is. `columns`: undefined where a model may need any.
 */
export async function readOnce(
  db: DuckDb,
  source: TableSource,
  columns: EvaluationColumns | undefined,
): Promise<TableSource> {
  const bytes = source.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (source.format !== "csv" || bytes > mostBytes) return source;
  const needed = columns === undefined ? undefined : new Set(namesOf(columns));
  const kept = source.columns.filter((column) => needed === undefined || needed.has(column.name));
  const list = kept.map((column) => `${column.sql} AS ${quoteIdentifier(column.name)}`).join(", ");
  try {
    await db.query(`CREATE TEMP TABLE ${name} AS SELECT ${list} FROM ${source.sql}`);
  } catch (error) {
    throw source.explain(error);
  }
  return {
    ...source,
    sql: name,
    columns: source.columns.map((column) => ({ ...column, sql: quoteIdentifier(column.name) })),
    optimistic: undefined,
    stretches: () => undefined,
    typedSql: () => undefined,
  };
}

function namesOf(columns: EvaluationColumns): string[] {
  const { label, score, prediction, probabilities, quantiles, intervals, weight, query, rowId } = columns;
  const one = [label, score, prediction, weight, query, rowId].filter((column) => column !== undefined);
  const { event, labels, forecast } = columns;
  const ofTask = [
    event,
    ...labels.flatMap((own) => [own.label, own.score, own.prediction]),
    ...[forecast?.horizon, forecast?.series, forecast?.trainingMae, forecast?.trainingRmse],
  ];
  return [
    ...one,
    ...ofTask.filter((own) => typeof own === "string"),
    ...[...probabilities, ...quantiles, ...columns.survivals].map(({ column }) => column),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
    ...columns.subgroups.flatMap((subgroup) => subgroup.columns),
  ];
}
