import type { CheckVerdict } from "../../results/core.ts";
import type { Severity } from "../contract/values.ts";
import type { Answers } from "./answers.ts";
import type { Expression } from "./expression.ts";
import type { Measure, RowsMeasure } from "./measure.ts";

/** What a rule is about, as reports group it. */
export type CheckKind =
  | "schema"
  | "type"
  | "nulls"
  | "infinite"
  | "range"
  | "values"
  | "pattern"
  | "length"
  | "unique"
  | "order"
  | "row_count"
  | "freshness"
  | "aggregate"
  | "quantiles"
  | "assertion"
  | "sql"
  | "reference"
  | "script"
  | "expectation";

/** What was observed, or what it is held against, as the report shows it. A pair [low, high] for `between`, null = open. */
export type Limit = string | number | boolean | null | readonly (string | number | boolean | null)[];

export type Relation =
  | "<="
  | ">="
  | "<"
  | ">"
  | "="
  | "in"
  | "not in"
  | "between"
  | "matches"
  | "not matches"
  | null;

/** What `judge` makes of the answers. */
export interface Judgement {
  /** `unknown`: no verdict is possible, `reason` says why. */
  readonly outcome: "good" | "bad" | "unknown";
  readonly observed: Limit;
  /** Rows that break the rule; null for rules that rows cannot break. */
  readonly failingRows: number | null;
  /** Rows that the rule was about; null as above. */
  readonly judgedRows: number | null;
  readonly reason?: string;
  /** What only one kind of check has to say; for expectations the `result` of Great Expectations. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface CheckHead {
  readonly name: string;
  readonly kind: CheckKind;
  /** The column that a check is about; null for checks of the table or of several columns. */
  readonly column: string | null;
  /** The list, `items[]`, whose elements the check is about: what is said of rows is then said of them. */
  readonly elementsOf?: string;
  readonly severity: Severity;
  readonly comparison: Relation;
  readonly limit: Limit;
  /** Share 0..1 of the judged rows that may fail. */
  readonly allow: number;
  /** Not written by anybody: a default of the program. */
  readonly isDefault: boolean;
  /** Text for the report that the author of the rule wrote. */
  readonly description?: string;
  /** The name of the Great Expectations suite that the rule stands in. */
  readonly suite?: string;
}

/** Which rows break the rule, to show and to keep. */
export interface FailingRows {
  readonly rows: RowsMeasure;
  /** The values to show of such a row; several are shown as a tuple. */
  readonly shown: readonly Expression[];
}

/** A rule that the table is measured for. Pure: what it needs is data, what it says is a function of the answers. */
export interface MeasuredCheck extends CheckHead {
  readonly measures: readonly Measure[];
  /** For rules that need figures before they know what to ask (z-scores need mean and deviation). Called once. */
  readonly next?: (answers: Answers) => readonly Measure[];
  /** Called with the answers to all of them. An answer that is an error never arrives here: the check is then `error`. */
  readonly judge: (answers: Answers) => Judgement;
  /** Asked only where the rule is broken. */
  readonly failing?: (answers: Answers) => FailingRows | undefined;
}

/** A rule that cannot be judged: `skipped` where another check says why already, `error` otherwise. */
export interface UnjudgedCheck extends CheckHead {
  readonly verdict: "skipped" | "error";
  readonly reason: string;
}

export type Check = MeasuredCheck | UnjudgedCheck;

export function isMeasured(check: Check): check is MeasuredCheck {
  return "measures" in check;
}

export interface CheckResult extends CheckHead {
  readonly verdict: CheckVerdict;
  readonly observed: Limit;
  readonly failingRows: number | null;
  readonly judgedRows: number | null;
  readonly reason: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}
