import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import { columnOf, isInteger, textSql } from "../../read/expressions.ts";
import { plainLabels } from "../../read/labels.ts";
import { planReading, sinksOf, type TableReading } from "../../read/plan-reading.ts";
import type { LookedAt } from "../../read/read-table.ts";
import { BadRows, type Sink } from "../../read/sinks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { SubgroupCodes } from "./subgroup-codes.ts";

/** A column of numbers as it is read, kept and hashed. */
interface RankingColumn {
  readonly name: "label" | "score" | "prediction";
  /** Of the rows that were read last, from the first of them on. */
  readonly values: Float64Array | Float32Array;
}

/** What is read of a ranking, some rows at a time; the query apart. */
export interface RankingColumns {
  readonly reading: TableReading;
  readonly sinks: readonly Sink[];
  /** Relevances, then scores or predictions. */
  readonly columns: readonly RankingColumn[];
  readonly groups: SubgroupCodes;
}

/** `rows`: so many at a time. */
export function rankingColumns(source: TableSource, request: LookedAt, rows: number): RankingColumns {
  const { look, columns } = request;
  // The names of the queries may be as many as the rows: nothing is known of them.
  const plan = { ...request, columns: { ...columns, query: undefined }, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows });
  const { label, score, prediction } = reading;
  return {
    reading,
    sinks: sinksOf(reading),
    columns: [
      { name: "label", values: numbersOf(label) },
      ...(score === undefined ? [] : [{ name: "score", values: score.sink.values } as const]),
      ...(prediction === undefined ? [] : [{ name: "prediction", values: numbersOf(prediction) } as const]),
    ],
    groups: new SubgroupCodes(reading, columns.subgroups),
  };
}

function numbersOf(reading: TableReading["label"]): Float64Array {
  const labels = plainLabels(reading.labels());
  if (labels.kind !== "numbers") throw new RangeError(`${labels.kind} labels, expected numbers`);
  return labels.values;
}

/** The column that tells which query a row is of. */
export function queryColumn(source: TableSource, { columns }: Pick<StoreRequest, "columns">): SourceColumn {
  if (columns.query === undefined) throw new RangeError("a ranking without a query");
  return columnOf(source, columns.query);
}

/** Finds rows without a query. */
export function missingSink(column: SourceColumn): Sink {
  const bad = new BadRows();
  return {
    sql: `CAST(${isInteger(column.engineType) ? column.sql : textSql(column)} IS NULL AS UTINYINT)`,
    bad,
    take({ items, start }) {
      for (let index = 0; index < items.length; index += 1) if (items[index] === 1) bad.add(start + index);
    },
  };
}
