import type { CheckVerdict } from "../../results/core.ts";
import type { Cell } from "../engine/duckdb.ts";
import { type Measurements, settledType } from "../engine/measure.ts";
import {
  type CheckKind,
  columnOf,
  isOfType,
  kindOf,
  type Limit,
  limitOf,
  type Plan,
  type PlannedCheck,
} from "./plan.ts";

export interface CheckResult {
  readonly name: string;
  readonly kind: CheckKind;
  readonly column: string | null;
  readonly verdict: CheckVerdict;
  readonly severity: "fail" | "warn" | "info";
  /** A count, a share 0..1, a value or a word, as the kind has it; null where nothing was observed. */
  readonly observed: Limit;
  readonly comparison: "<=" | ">=" | "=" | "in" | null;
  readonly limit: Limit;
  /** Share 0..1 of the judged rows that may fail. */
  readonly allow: number;
  /** Rows that break the rule; null for rules that rows cannot break. */
  readonly failingRows: number | null;
  readonly reason: string | null;
  readonly isDefault: boolean;
}

const comparisons = {
  required: "=",
  extra: "=",
  type: "=",
  nulls: "<=",
  infinite: "<=",
  min: ">=",
  max: "<=",
  values: "in",
  unique: "<=",
  "rows-min": ">=",
  "rows-max": "<=",
  unjudged: null,
} as const;

interface Judgement {
  readonly isGood: boolean;
  readonly observed: Limit;
  readonly failingRows: number | null;
}

/** Judges every check by what was measured. Pure. A table without rows breaks no rule on rows, only that on their number. */
export function judge(plan: Plan, measured: Measurements): CheckResult[] {
  return plan.checks.map((check, index) => {
    const head = {
      name: check.name,
      kind: kindOf(check),
      column: columnOf(check),
      severity: check.severity,
      comparison: comparisons[check.rule],
      limit: limitOf(check),
      allow: check.allow,
      isDefault: check.isDefault,
    };
    if (check.rule === "unjudged")
      return { ...head, verdict: check.verdict, observed: null, failingRows: null, reason: check.reason };
    const { isGood, observed, failingRows } = judgeOne(check, { index, plan, measured });
    return { ...head, verdict: verdictOf(isGood, check), observed, failingRows, reason: null };
  });
}

function verdictOf(isGood: boolean, check: PlannedCheck): CheckVerdict {
  if (isGood) return "pass";
  return check.severity === "fail" ? "fail" : "warn";
}

interface Facts {
  readonly index: number;
  readonly plan: Plan;
  readonly measured: Measurements;
}

function judgeOne(check: Exclude<PlannedCheck, { readonly rule: "unjudged" }>, facts: Facts): Judgement {
  const { measured, index } = facts;
  switch (check.rule) {
    case "required":
      return {
        isGood: check.isPresent,
        observed: check.isPresent ? "present" : "missing",
        failingRows: null,
      };
    case "extra":
      return { isGood: check.columns.length === 0, observed: check.columns, failingRows: null };
    case "type":
      return judgeType(check, facts);
    case "nulls": {
      const missing = missingIn(check.column, facts);
      const ratio = measured.rows === 0 ? null : missing / measured.rows;
      return { isGood: ratio === null || ratio <= check.maxRatio, observed: ratio, failingRows: missing };
    }
    case "infinite": {
      const infinite = isText(check.column, facts) ? 0 : (measured.columns.get(check.column)?.infinite ?? 0);
      return { ...tolerated(infinite, check, present(check.column, facts)), observed: infinite };
    }
    case "rows-min":
      return { isGood: measured.rows >= check.limit, observed: measured.rows, failingRows: null };
    case "rows-max":
      return { isGood: measured.rows <= check.limit, observed: measured.rows, failingRows: null };
    case "min":
    case "max":
      return {
        ...tolerated(measured.failing.get(index) ?? 0, check, present(check.column, facts)),
        observed: shown(measured.observed.get(index) ?? null),
      };
    case "values":
    case "unique": {
      const failing = measured.failing.get(index) ?? 0;
      const judged = check.rule === "values" ? present(check.column, facts) : measured.rows;
      return { ...tolerated(failing, check, judged), observed: failing };
    }
  }
}

function judgeType(check: Extract<PlannedCheck, { readonly rule: "type" }>, facts: Facts): Judgement {
  const column = facts.plan.columns.find((one) => one.name === check.column);
  if (column === undefined) return { isGood: false, observed: "missing", failingRows: null };
  const { storedType, storedAs } = column;
  if (storedType !== undefined) {
    const observed = storedType === check.declared ? storedType : `${storedType} (${storedAs})`;
    const isGood = isOfType(storedType, check.declared);
    // A stored type is one for all values: none of them is of the declared type.
    return { isGood, observed, failingRows: isGood ? 0 : present(check.column, facts) };
  }
  const failing = facts.measured.columns.get(check.column)?.mistyped ?? 0;
  const judgement = tolerated(failing, check, present(check.column, facts));
  return { ...judgement, observed: failing === 0 ? check.declared : "string" };
}

function tolerated(failing: number, check: PlannedCheck, judged: number): Omit<Judgement, "observed"> {
  return { isGood: failing === 0 || failing / judged <= check.allow, failingRows: failing };
}

/** NaN counts as missing, as in pandas; in a column of text it is a word. */
function missingIn(name: string, facts: Facts): number {
  const counted = facts.measured.columns.get(name);
  if (counted === undefined) return 0;
  return counted.nulls + (isText(name, facts) ? 0 : counted.nan);
}

function isText(name: string, { plan, measured }: Facts): boolean {
  const column = plan.columns.find((one) => one.name === name);
  return column === undefined || settledType(column, measured.columns.get(name)) === "string";
}

function present(name: string, facts: Facts): number {
  return facts.measured.rows - missingIn(name, facts);
}

/** Infinities have no JSON: they are written as words. */
function shown(value: Cell): Limit {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  return value === null ? null : String(value);
}
