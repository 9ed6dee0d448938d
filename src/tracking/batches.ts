import { MlopsError } from "../errors.ts";
import type { KeyValue, Metric } from "./types.ts";

export interface Batch {
  readonly metrics?: readonly Metric[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

interface WireMetric {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

export interface WireBatch {
  readonly metrics: readonly WireMetric[];
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

/** Limits of `mlflow/utils/validation.py`. */
const mostMetrics = 1000;
const mostParams = 100;
const mostTags = 100;
const mostInAll = 1000;
const longestKey = 250;
const longestParam = 6000;
const longestTag = 8000;

/**
 * Splits into batches that MLflow takes: params and tags first (they are few and name the run), then metrics in order.
 * Throws `usage` with every key that no server takes; `warnings` name the values that a server would cut off.
 */
export function planBatches(batch: Batch): {
  readonly batches: readonly WireBatch[];
  readonly warnings: readonly string[];
} {
  const { metrics = [], params = [], tags = [] } = batch;
  const problems = [
    ...metrics.flatMap((metric) => metricProblems(metric)),
    ...params.flatMap(({ key }) => keyProblems("param", key)),
    ...tags.flatMap(({ key }) => keyProblems("tag", key)),
    ...conflicts(params),
  ];
  if (problems.length > 0) {
    throw new MlopsError({ kind: "usage", code: "BATCH_INVALID", message: problems.join("\n") });
  }
  const warnings = [...tooLong("param", params, longestParam), ...tooLong("tag", tags, longestTag)];
  const wire = metrics.map(wireMetric);
  const unique = [...new Map(params.map((param) => [param.key, param])).values()];
  const batches: WireBatch[] = [];
  let left = { metrics: wire, params: unique, tags: [...tags] };
  while (left.metrics.length + left.params.length + left.tags.length > 0) {
    const someParams = left.params.slice(0, mostParams);
    const someTags = left.tags.slice(0, mostTags);
    const room = Math.min(mostMetrics, mostInAll - someParams.length - someTags.length);
    batches.push({ metrics: left.metrics.slice(0, room), params: someParams, tags: someTags });
    left = {
      metrics: left.metrics.slice(room),
      params: left.params.slice(mostParams),
      tags: left.tags.slice(mostTags),
    };
  }
  return { batches, warnings };
}

/** Why MLflow would refuse `key` as the name of a metric, param or tag; empty where it would not. */
export function keyProblems(what: string, key: string): string[] {
  const shown = JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
  if (key.length > longestKey)
    return [`${what} ${shown} has ${key.length} characters, at most ${longestKey}`];
  if (!/^[\p{L}\p{N}\p{M}_/.\- :]+$/u.test(key)) {
    return [`${what} ${shown} may only have letters, digits and _ - . : / and blanks`];
  }
  const parts = key.split("/");
  if (key.startsWith("/") || parts.some((part) => part === "" || part === "." || part === "..")) {
    return [`${what} ${shown} is not a plain path: no leading /, no empty part, no . or ..`];
  }
  return [];
}

function metricProblems({ key, timestampMs, step }: Metric): string[] {
  const problems = keyProblems("metric", key);
  if (!Number.isFinite(timestampMs) || timestampMs < 0)
    problems.push(`metric ${key} has the time ${timestampMs}, expected epoch milliseconds`);
  if (!Number.isFinite(step) || Math.abs(step) > Number.MAX_SAFE_INTEGER)
    problems.push(`metric ${key} has the step ${step}, expected a whole number`);
  return problems;
}

function conflicts(params: readonly KeyValue[]): string[] {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const { key, value } of params) {
    const before = seen.get(key);
    if (before !== undefined && before !== value)
      problems.push(`param ${key} is given twice, as ${JSON.stringify(before)} and ${JSON.stringify(value)}`);
    seen.set(key, value);
  }
  return problems;
}

function tooLong(what: string, list: readonly KeyValue[], limit: number): string[] {
  return list
    .filter(({ value }) => value.length > limit)
    .map(
      ({ key, value }) =>
        `${what} ${key} has ${value.length} characters; servers keep ${limit} and drop the rest`,
    );
}

/** A fractional time or step, or a bare NaN, makes MLflow drop the rest of the body and answer 200. */
function wireMetric({ key, value, timestampMs, step }: Metric): WireMetric {
  return {
    key,
    value: Number.isFinite(value) ? value : String(value),
    timestamp: Math.trunc(timestampMs),
    step: Math.trunc(step),
  };
}
