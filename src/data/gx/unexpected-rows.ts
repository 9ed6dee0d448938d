import type { Answers } from "../plan/answers.ts";
import { type Check, type CheckResult, type FailingRows, isMeasured } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Engine, FailingExample, FailingRow } from "../plan/engine.ts";
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

/** Asks the engine for the unexpected rows of every expectation that has some, also where `mostly` lets them pass. */
export async function findUnexpected(
  request: UnexpectedRequest,
): Promise<ReadonlyMap<number, UnexpectedRows>> {
  const found = new Map<number, UnexpectedRows>();
  for (const [index, check] of request.checks.entries()) {
    const result = request.results[index];
    if (result === undefined || (result.failingRows ?? 0) === 0 || !isMeasured(check)) continue;
    const failing = check.failing?.(request.answers);
    if (failing !== undefined) found.set(index, await unexpectedOf(failing, request));
  }
  return found;
}

async function unexpectedOf(failing: FailingRows, request: UnexpectedRequest): Promise<UnexpectedRows> {
  const { engine, indexColumns, rowLimit } = request;
  const types = new Map(request.columns.map((column) => [column.name, column.type]));
  const cell = (value: Value, column: string | undefined) =>
    gxValue(value, column === undefined ? undefined : types.get(column));
  const names = failing.shown.map(columnOf);
  const shown = ({ values }: FailingRow | FailingExample) =>
    values.map((value, position) => cell(value, names[position]));
  const rows = await engine.failingRows(failing, { columns: indexColumns, limit: rowLimit });
  const [counts = []] = await engine.examples([failing], partialCount);
  return {
    rows: rows.map((row) => ({
      position: row.position,
      values: shown(row),
      index: row.columns.map((value, position) => cell(value, indexColumns[position])),
    })),
    counts: counts.map((example) => ({ values: shown(example), count: example.count })),
  };
}

/** The column whose typed value is shown; text is text. */
function columnOf(expression: Expression): string | undefined {
  return expression.op === "column" ? expression.column : undefined;
}
