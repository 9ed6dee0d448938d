import type { Check, Judgement } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { ofElements } from "../plan/elements.ts";
import { and, column as columnValue, compare, isNull, literal, not } from "../plan/expression.ts";
import type { Measure, Value } from "../plan/measure.ts";
import type { ContractSource } from "./contract-form.ts";
import { columnCounts, countOf, shownOf } from "./counts.ts";
import { headOf, type Place, type Rule, writtenRule } from "./rule.ts";
import { misfit, unreadable, withoutColumns } from "./unjudged.ts";
import { instantOf } from "./values.ts";

/** Clocks differ: a time that is this far ahead is still taken for one that was. */
const toleranceMs = 5 * 60_000;

export interface FreshnessInput {
  readonly columns: readonly PlanColumn[];
  readonly place: Place;
  readonly now: Date;
}

/** Is the newest row new enough, and does none lie in the future? Rows of the future make no table fresh. */
export function freshnessChecks(contract: ContractSource, { columns, place, now }: FreshnessInput): Check[] {
  const { freshness } = contract;
  if (freshness === undefined) return [];
  const { column: name, max_age: maxAgeMs, max_future: maxFutureMs } = freshness;
  const rule = writtenRule(maxAgeMs, freshness, place);
  const column = columns.find((one) => one.name === name);
  const limit = isoText(now.getTime() - maxAgeMs);
  const about = { kind: "freshness", column: name, comparison: ">=", limit } as const;
  const head = headOf(rule, { ...about, name: `freshness(${name})` });
  if (column === undefined) return [withoutColumns({ ...head, column: null }, [name])];
  if (column.type !== "date" && column.type !== "timestamp") return [misfit(head, column)];
  const horizon = now.getTime() + (maxFutureMs ?? toleranceMs);
  const isPast = compare(columnValue(name), "<=", literal({ timestamp: isoText(horizon) }));
  const counts = columnCounts(column);
  const newest: Measure = { kind: "max", of: columnValue(name), where: isPast };
  const fresh: Check = {
    ...head,
    measures: [...counts.measures, newest],
    judge: (answers) =>
      unreadable(column, counts, answers) ??
      judgeAge(answers.value(newest), { maxAgeMs, nowMs: now.getTime() }),
  };
  const checks: Check[] = [fresh];
  if (maxFutureMs !== undefined) {
    const future = writtenRule(maxFutureMs, { ...freshness, name: undefined }, place);
    checks.push(futureCheck(column, future, isoText(horizon)));
  }
  return checks.map((check) => ofElements(check, column.list));
}

interface Ages {
  readonly maxAgeMs: number;
  readonly nowMs: number;
}

function judgeAge(value: Value, { maxAgeMs, nowMs }: Ages): Judgement {
  const instant = typeof value === "string" ? instantOf(value) : undefined;
  const nothing = { failingRows: null, judgedRows: null };
  if (instant === undefined)
    return { outcome: "bad", observed: null, ...nothing, reason: "there is no time up to now" };
  const ageMs = nowMs - instant;
  const details = { ageSeconds: Math.round(ageMs / 1000), maxAgeSeconds: maxAgeMs / 1000 };
  return { outcome: ageMs <= maxAgeMs ? "good" : "bad", observed: isoText(instant), ...nothing, details };
}

function futureCheck(column: PlanColumn, rule: Rule<unknown>, horizon: string): Check {
  const { name } = column;
  const isPast = compare(columnValue(name), "<=", literal({ timestamp: horizon }));
  const counts = columnCounts(column);
  const rows = countOf(and(not(isNull(name)), not({ op: "is-true", value: isPast })));
  const about = { kind: "freshness", column: name, comparison: "<=", limit: horizon } as const;
  return {
    ...headOf(rule, { ...about, name: `freshness.future(${name})` }),
    measures: [...counts.measures, rows],
    judge: (answers) => {
      const failing = answers.count(rows);
      const judgedRows = counts.present(answers);
      return { outcome: failing === 0 ? "good" : "bad", observed: failing, failingRows: failing, judgedRows };
    },
    failing: () => ({ rows, shown: [shownOf(column)] }),
  };
}

function isoText(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
