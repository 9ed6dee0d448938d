import type { Answers } from "../plan/answers.ts";
import { type Check, type CheckResult, type FailingRows, isMeasured } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Engine } from "../plan/engine.ts";
import type { Expression } from "../plan/expression.ts";
import type { Value } from "../plan/measure.ts";
import { gxValue } from "./gx-values.ts";

/** Great Expectations shows the first 20 of a list. */
export const partialCount = 20;

/** Of one expectation: the first unexpected rows in the order of the files, and its most frequent unexpected values. */
export interface UnexpectedRows {
  /** Each with the shown values, as JSON has them. */
  readonly rows: readonly UnexpectedRow[];
  readonly counts: readonly { readonly values: readonly unknown[]; readonly count: number }[];
}

interface UnexpectedRow {
  /** From 0, in the order of the files. */
  readonly position: number;
  readonly values: readonly unknown[];
  /** Values of the index columns. */
  readonly index: readonly unknown[];
}

export interface UnexpectedRequest {
  readonly checks: readonly Check[];
  /** Of those checks, in the same order. */
  readonly results: readonly CheckResult[];
  readonly answers: Answers;
  readonly engine: Engine;
  readonly columns: readonly PlanColumn[];
  /** Columns that name a row, of the table. */
  readonly indexColumns: readonly string[];
  /** How many rows of one expectation are listed. */
  readonly rowLimit: number;
}

interface Broken {
  /** In the suite. */
  readonly place: number;
  readonly failing: FailingRows;
  /** Number of unexpected rows. */
  readonly total: number;
}

/** Asks the engine for the unexpected rows of every expectation that has some, also where `mostly` lets them pass. */
export async function findUnexpected(
  request: UnexpectedRequest,
): Promise<ReadonlyMap<number, UnexpectedRows>> {
  const found = new Map<number, UnexpectedRows>();
  const uncounted: Broken[] = [];
  const shown = showing(request);
  const allBroken = brokenOf(request);
  const lists = await rowsOf(allBroken, request, shown);
  for (const [index, broken] of allBroken.entries()) {
    const rows = lists[index] ?? [];
    const isAll = rows.length === broken.total;
    if (!isAll) uncounted.push(broken);
    found.set(broken.place, { rows, counts: isAll ? counted(rows) : [] });
  }
  const examples = await request.engine.examples(
    uncounted.map(({ failing }) => failing),
    partialCount,
  );
  for (const [index, { place, failing }] of uncounted.entries()) {
    const counts = (examples[index] ?? []).map(({ values, count }) => ({
      values: shown(failing, values),
      count,
    }));
    found.set(place, { rows: found.get(place)?.rows ?? [], counts });
  }
  return found;
}

function brokenOf({ checks, results, answers }: UnexpectedRequest): Broken[] {
  return checks.flatMap((check, place) => {
    const total = results[place]?.failingRows ?? 0;
    const failing = total > 0 && isMeasured(check) ? check.failing?.(answers) : undefined;
    return failing === undefined ? [] : [{ place, failing, total }];
  });
}

type Shown = (failing: FailingRows, values: readonly Value[]) => readonly unknown[];

function showing({ columns }: UnexpectedRequest): Shown {
  const types = new Map(columns.map((column) => [column.name, column.type]));
  return (failing, values) =>
    values.map((value, index) => {
      const name = columnOf(failing.shown[index]);
      return gxValue(value, name === undefined ? undefined : types.get(name));
    });
}

async function rowsOf(
  broken: readonly Broken[],
  { engine, indexColumns, rowLimit, columns }: UnexpectedRequest,
  shown: Shown,
): Promise<readonly (readonly UnexpectedRow[])[]> {
  const wanted = broken.map(({ failing, total }) => ({ failing, limit: Math.min(total, rowLimit) }));
  const lists = await engine.failingRows(wanted, indexColumns);
  const types = indexColumns.map((name) => columns.find((column) => column.name === name)?.type);
  return broken.map(({ failing }, place) =>
    (lists[place] ?? []).map((row) => ({
      position: row.position,
      values: shown(failing, row.values),
      index: row.columns.map((value, index) => gxValue(value, types[index])),
    })),
  );
}

/** The most frequent values of rows that are all there; of equally frequent ones those that come first in the files. */
function counted(rows: readonly UnexpectedRow[]): UnexpectedRows["counts"] {
  const groups = Map.groupBy(rows, ({ values }) => JSON.stringify(values));
  return [...groups.values()]
    .map((group) => ({ values: group[0]?.values ?? [], count: group.length }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, partialCount);
}

/** The column whose typed value is shown; text is text. */
function columnOf(expression: Expression | undefined): string | undefined {
  return expression?.op === "column" ? expression.column : undefined;
}
