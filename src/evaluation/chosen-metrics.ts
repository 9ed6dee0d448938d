import { MlopsError } from "../errors.ts";
import { isCount, isKnownMetric, knownMetricNames, metricFacts } from "../metrics/catalog.ts";
import type { GroupMetrics } from "../metrics/metric-set.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Measurement } from "./measure.ts";

/** Throws `usage` for names of `--metric` that no task has; without custom metrics, whose names are known when they are there. */
export function refuseUnknownMetrics(names: readonly string[], hasCustom: boolean): void {
  if (hasCustom) return;
  const unknown = names.filter((name) => !isKnownMetric(name) && !isCount(name));
  if (unknown.length > 0)
    throw refused(
      unknown.map((name) => `${spelled(name)} is no metric${didYouMean(name, knownMetricNames())}.`),
    );
}

/**
 * The measurement with these metrics only, of all rows and of the groups, in the order of `names`: each under any of its names, and
 * without parameters with all that were measured (`ece` is `ece{bins=15,strategy=uniform}`). Throws `usage` for one that was not measured.
 */
export function withMetrics(measured: Measurement, names: readonly string[]): Measurement {
  if (names.length === 0) return measured;
  const { overall, subgroups, task } = measured;
  const all = Object.keys(overall.metrics);
  const found = names.map((name) => ({ name, meant: meantBy(name, all) }));
  const absent = found.filter((one) => one.meant.length === 0);
  if (absent.length > 0)
    throw refused(
      absent.map(
        ({ name }) => `${spelled(name)} is no metric of this evaluation (${task})${didYouMean(name, all)}.`,
      ),
      `It has ${all.join(", ")}.`,
    );
  const kept = [...new Set(found.flatMap((one) => one.meant))];
  return {
    ...measured,
    overall: limited(overall, kept),
    subgroups: subgroups.map((group) => ({ ...group, metrics: limited(group.metrics, kept) })),
  };
}

/** The same group, or any part of a result that holds metrics, with some of them. */
function limited<Group extends Pick<GroupMetrics, "metrics" | "undefined">>(
  group: Group,
  kept: readonly string[],
): Group {
  const only = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(
      kept.flatMap((name): [string, Value][] => {
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        return value === undefined ? [] : [[name, value]];
      }),
    );
  return { ...group, metrics: only(group.metrics), undefined: only(group.undefined) };
}

function meantBy(name: string, all: readonly string[]): string[] {
  const wanted = metricFacts(name).name.toLowerCase();
  const exact = all.filter((one) => metricFacts(one).name.toLowerCase() === wanted);
  if (exact.length > 0 || /[@{]/.test(wanted)) return exact;
  return all.filter(
    (one) =>
      metricFacts(one)
        .name.toLowerCase()
        .replace(/[@{].*$/s, "") === wanted,
  );
}

function spelled(name: string): string {
  return `--metric ${JSON.stringify(name)}`;
}

function refused(sentences: readonly string[], hint?: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "METRIC_UNKNOWN",
    message: sentences.join("\n"),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The same of a result, for files that show some of it. */
export function resultsWithMetrics(results: EvaluationResults, kept: readonly string[]): EvaluationResults {
  const { perClass, subgroups } = results;
  const groups = Object.entries(subgroups).map(([column, own]) => [
    column,
    Object.fromEntries(Object.entries(own).map(([value, group]) => [value, limited(group, kept)])),
  ]);
  return {
    ...limited(results, kept),
    subgroups: Object.fromEntries(groups),
    ...(perClass === undefined ? {} : { perClass: perClass.map((one) => limited(one, kept)) }),
  };
}
