import { rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { quoteIdentifier, quotePath, quoteText } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { MlopsError, messageOf } from "../../errors.ts";
import { digestOf, makeFolder } from "../../files.ts";
import type { EvaluationColumns } from "../columns.ts";
import { columnOf } from "../read/expressions.ts";
import type { Labels } from "../read/labels.ts";
import type { TableData } from "../read/table-data.ts";
import { type ArrayColumn, writeArrays } from "./write-arrays.ts";

export interface KeptScores {
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
}

/** What was measured: some rows at a time, of the same columns. */
export interface MeasuredColumns {
  readonly names: readonly string[];
  readonly stretches: AsyncIterable<readonly ArrayColumn[]> | Iterable<readonly ArrayColumn[]>;
}

/**
 * Writes a Parquet file with what was measured: `row_id`, `label`, and `score`, `prediction`, `probability_CLASS`, `quantile_LEVEL` or
 * `interval_LEVEL_lower` and `_upper`, then `weight`, `query`, `horizon`, `series` and the subgroup columns: a table that `mlops evaluate --predictions`
 * takes by these names. Readers see the whole file or none. Throws `usage` where it cannot be written.
 */
export async function keepScores(parts: {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly columns: EvaluationColumns;
  readonly measured: MeasuredColumns;
  readonly file: string;
  readonly signal: AbortSignal;
}): Promise<KeptScores> {
  const { db, source, columns, file, signal } = parts;
  const measured = path.join(db.folder, "measured.parquet");
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  await makeFolder(path.dirname(file));
  try {
    await writeArrays(measured, parts.measured.stretches, signal);
    const own = ownColumns(source, columns, parts.measured.names);
    await db.query(
      `COPY (${joined(source, own, measured)}) TO ${quoteText(partial)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await rename(partial, file);
  } catch (error) {
    signal.throwIfAborted();
    if (!messageOf(error).includes(partial)) throw source.explain(error);
    throw new MlopsError({
      kind: "usage",
      code: "FILE_NOT_WRITTEN",
      message: `--scores-path ${file} cannot be written: ${messageOf(error)}.`,
      hint: "Check that its folder may be written to and has room.",
      cause: error,
    });
  } finally {
    await rm(partial, { force: true });
    await rm(measured, { force: true });
  }
  return { file, sha256: (await digestOf(file)).sha256 };
}

/** The columns that stand in no array, in the table's own types. */
interface OwnColumn {
  readonly sql: string;
  readonly name: string;
}

function ownColumns(
  source: TableSource,
  columns: EvaluationColumns,
  measured: readonly string[],
): OwnColumn[] {
  const taken = new Set(measured.map((name) => name.toLowerCase()));
  const own: OwnColumn[] = [];
  const add = (name: string, column: string | undefined) => {
    if (column === undefined) return;
    let free = name;
    while (taken.has(free.toLowerCase())) free = `subgroup_${free}`;
    taken.add(free.toLowerCase());
    own.push({ name: free, sql: columnOf(source, column).sql });
  };
  add("row_id", columns.rowId);
  add("weight", columns.weight);
  add("query", columns.query);
  add("horizon", columns.forecast?.horizon);
  add("series", columns.forecast?.series);
  for (const name of new Set(columns.subgroups.flatMap((subgroup) => subgroup.columns))) add(name, name);
  return own;
}

/** The row id first, then what was measured, then the rest. Both sides have the same rows in the same order. */
function joined(source: TableSource, own: readonly OwnColumn[], measured: string): string {
  const arrays = `read_parquet(${quotePath(measured)})`;
  if (own.length === 0) return `SELECT * FROM ${arrays}`;
  const inner = own.map(({ sql }, index) => `${sql} AS own${index}`).join(", ");
  const shown = own.map(({ name }, index) => `own.own${index} AS ${quoteIdentifier(name)}`);
  const isFirst = (index: number) => own[index]?.name === "row_id";
  const list = [
    ...shown.filter((_, index) => isFirst(index)),
    "measured.*",
    ...shown.filter((_, index) => !isFirst(index)),
  ];
  return `SELECT ${list.join(", ")} FROM (SELECT ${inner} FROM ${source.sql}) own POSITIONAL JOIN ${arrays} measured`;
}

/** Of a table in memory. */
export function measuredColumns(data: TableData): MeasuredColumns {
  const arrays = arraysOf(data);
  return { names: arrays.map((one) => one.name), stretches: [arrays] };
}

/** What was measured of some rows, as columns of a file. */
export function arraysOf(
  data: Pick<
    TableData,
    "labels" | "score" | "prediction" | "probabilities" | "quantiles" | "intervals" | "survivals"
  >,
): ArrayColumn[] {
  const { labels, score, prediction, probabilities, quantiles, intervals, survivals = [] } = data;
  const { names, prefix } =
    labels.kind === "several"
      ? { names: labels.names, prefix: "score" }
      : { names: labels.kind === "classes" ? labels.classes : [], prefix: "probability" };
  return [
    ...labelColumns("label", labels),
    ...(score === undefined ? [] : [{ name: "score", values: score.values }]),
    ...probabilities.map(({ values }, index) => ({ name: `${prefix}_${names[index]}`, values })),
    ...(prediction === undefined ? [] : labelColumns("prediction", prediction)),
    ...quantiles.map(({ level, values }) => ({ name: `quantile_${level}`, values })),
    ...intervals.flatMap(({ level, lower, upper }) => [
      { name: `interval_${level}_lower`, values: lower },
      { name: `interval_${level}_upper`, values: upper },
    ]),
    ...survivals.map(({ time, values }) => ({ name: `survival_${time}`, values })),
  ];
}

function labelColumns(name: string, labels: Labels): ArrayColumn[] {
  switch (labels.kind) {
    case "numbers":
      return [{ name, values: labels.values }];
    case "binary":
      return [{ name, codes: labels.codes }];
    case "classes":
      return [{ name, codes: labels.codes, texts: labels.classes }];
    case "several":
      return labels.columns.map((codes, index) => ({ name: `${name}_${labels.names[index]}`, codes }));
    case "survival":
      return [
        { name: "duration", values: labels.durations },
        { name: "event", codes: labels.events },
      ];
  }
}
