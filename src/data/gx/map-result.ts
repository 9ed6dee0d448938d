import type { Answers } from "../plan/answers.ts";
import type { Judgement } from "../plan/check.ts";
import { and, type Expression } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import type { ExpectationBody, ExpectationDetails } from "./expectation.ts";

/** Counts of rows behind an expectation on values. */
export interface MapCounts {
  /** Rows after `row_condition`. */
  readonly elements: number;
  /** Rows left out: nulls, or what `ignore_row_if` ignores. Undefined for the expectations on nulls, which leave out none. */
  readonly missing: number | undefined;
  readonly unexpected: number;
}

/**
 * Good where at least the share `mostly` (0..1) of the rows not left out is expected; also where no row is left.
 * Percents are 0..100, null where there is nothing to divide by.
 */
export function mapResult(counts: MapCounts, mostly: number): Judgement {
  const { elements, missing, unexpected } = counts;
  const judged = elements - (missing ?? 0);
  const success = judged === 0 || (judged - unexpected) / judged >= mostly;
  const missingKeys = missing === undefined ? {} : missingKeysOf({ ...counts, missing });
  const result = {
    element_count: elements,
    unexpected_count: unexpected,
    unexpected_percent: percent(unexpected, judged),
    ...missingKeys,
  };
  const details: ExpectationDetails = { success, result };
  return {
    outcome: success ? "good" : "bad",
    observed: unexpected,
    failingRows: unexpected,
    judgedRows: judged,
    details,
  };
}

function missingKeysOf({ elements, missing, unexpected }: MapCounts & { readonly missing: number }) {
  return {
    missing_count: missing,
    missing_percent: percent(missing, elements),
    unexpected_percent_total: percent(unexpected, elements),
    unexpected_percent_nonmissing: percent(unexpected, elements - missing),
  };
}

function percent(part: number, whole: number): number | null {
  // In the order of Great Expectations: 100 * 1 / 3 is another double.
  return whole === 0 ? null : (part / whole) * 100;
}

export interface MapRows {
  /** The translated `row_condition`. */
  readonly where: Expression | undefined;
  /** True for rows that are left out; undefined where none are. */
  readonly missing: Expression | undefined;
  /** Counts the unexpected rows; has to leave out those of `missing` and keep to `where` by itself. */
  readonly unexpected: RowsMeasure;
  readonly mostly: number;
  /** The value, the pair or the record of an unexpected row. */
  readonly shown: readonly Expression[];
}

/** The body of an expectation that counts unexpected rows. */
export function mapBody(rows: MapRows): ExpectationBody {
  const { unexpected, mostly, shown } = rows;
  const measures = mapMeasures(rows);
  return {
    measures: measures.all,
    judge: (answers) => mapResult(measures.countsOf(answers), mostly),
    failing: () => ({ rows: unexpected, shown }),
    comparison: "<=",
    limit: 0,
    // 1 - 0.9 is 0.09999999999999998.
    allow: Number((1 - mostly).toPrecision(12)),
  };
}

/** The measures behind `mapResult`, for rules that also need others. */
export function mapMeasures({ where, missing, unexpected }: Omit<MapRows, "mostly" | "shown">) {
  const elements: RowsMeasure = { kind: "count", where };
  const left: RowsMeasure | undefined =
    missing === undefined ? undefined : { kind: "count", where: and(where, missing) };
  return {
    all: [elements, ...(left === undefined ? [] : [left]), unexpected],
    countsOf: (answers: Answers): MapCounts => ({
      elements: answers.count(elements),
      missing: left === undefined ? undefined : answers.count(left),
      unexpected: answers.count(unexpected),
    }),
  };
}
