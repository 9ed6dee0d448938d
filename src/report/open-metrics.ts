import type { EvaluationResults } from "../results/evaluation-results.ts";

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: string;
}

/** Series beyond these are left out, and the file says so: a merge request cannot show more. */
const mostSeries = 5000;

/**
 * The metrics as OpenMetrics text (`metrics.txt`), as GitLab's `artifacts:reports:metrics` takes it too: every metric is a gauge, what a
 * name has beside letters is a label (`lift@10%` is `lift{at="10%"}`), so are subgroup, group and class. Six decimals, the order of
 * the result, labels sorted, no timestamps, nothing for an undefined metric: equal results are equal texts.
 */
export function openMetrics(results: EvaluationResults): string {
  const families = new Map<string, Sample[]>();
  const seen = new Set<string>();
  let left = 0;
  for (const sample of samplesOf(results)) {
    const line = seriesText(sample);
    // The same series twice is no OpenMetrics: two names of one metric were made alike.
    if (seen.has(line)) continue;
    if (seen.size === mostSeries) {
      left += 1;
      continue;
    }
    seen.add(line);
    const family = families.get(sample.name);
    if (family === undefined) families.set(sample.name, [sample]);
    else family.push(sample);
  }
  const lines = [...families].flatMap(([name, samples]) => [
    `# TYPE ${name} gauge`,
    ...(left === 0 || name !== "rows"
      ? []
      : [`# HELP rows of the evaluation; ${left} series more are in the result file`]),
    ...samples.map((sample) => `${seriesText(sample)} ${sample.value}`),
  ]);
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

function samplesOf(results: EvaluationResults): Sample[] {
  const { subgroups, perClass = [] } = results;
  return [
    ...groupSamples(results, {}),
    ...perClass.flatMap((one) => metricSamples(one.metrics, { class: one.class })),
    ...Object.entries(subgroups).flatMap(([subgroup, groups]) =>
      Object.entries(groups).flatMap(([group, own]) => groupSamples(own, { subgroup, group })),
    ),
  ];
}

function groupSamples(
  {
    count,
    positives,
    negatives,
    metrics,
  }: Pick<EvaluationResults, "count" | "positives" | "negatives" | "metrics">,
  labels: Labels,
): Sample[] {
  const counts = { rows: count, positives, negatives };
  return [
    ...Object.entries(counts).flatMap(([name, value]) =>
      value === null ? [] : [{ name, labels, value: String(value) }],
    ),
    ...metricSamples(metrics, labels),
  ];
}

function metricSamples(metrics: Readonly<Record<string, number | null>>, labels: Labels): Sample[] {
  return Object.entries(metrics).flatMap(([metric, value]) => {
    if (value === null) return [];
    const { name, labels: own } = metricName(metric, Object.keys(labels));
    return [{ name, labels: { ...own, ...labels }, value: decimals(value) }];
  });
}

/** Without a sign at zero: a value that only lost its sign did not change. */
function decimals(value: number): string {
  return value.toFixed(6).replace(/^-(0\.0+)$/, "$1");
}

const reserved = ["rows", "positives", "negatives"];

/**
 * `ece{bins=15,strategy=uniform}` -> `ece` with its labels, `ndcg@10` -> `ndcg` with `at`. A name that is none of OpenMetrics keeps its
 * spelling in the label `metric`.
 */
function metricName(
  metric: string,
  taken: readonly string[],
): { readonly name: string; readonly labels: Labels } {
  const [, word = "", at, parameters] = /^([^@{}]*)(?:@([^{}]+))?(?:\{([^{}]*)\})?$/.exec(metric) ?? [];
  const labels = new Map(at === undefined ? [] : [["at", at]]);
  for (const part of parameters?.split(",") ?? []) {
    const [, key = "", value = ""] = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(part) ?? [];
    if (key === "" || key.startsWith("__") || labels.has(key) || taken.includes(key)) return spelled(metric);
    labels.set(key, value.trim());
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(word) || reserved.includes(word)) return spelled(metric);
  return { name: word, labels: Object.fromEntries(labels) };
}

function spelled(metric: string): { readonly name: string; readonly labels: Labels } {
  const plain = metric.replaceAll(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const name = /^[A-Za-z]/.test(plain) && !reserved.includes(plain) ? plain : `metric_${plain}`;
  return { name: name.slice(0, 100), labels: { metric } };
}

function seriesText({ name, labels }: Sample): string {
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const shown = sorted.map(([key, value]) => `${key}="${labelText(value)}"`);
  return shown.length === 0 ? name : `${name}{${shown.join(",")}}`;
}

/**
 * As OpenMetrics escapes quotes and backslashes. GitLab's reader cuts each line at the first `#` and divides it like a shell: what it (or
 * a reader of lines) cannot take is percent-encoded as in URLs, and a `%` that would look like it is too.
 */
function labelText(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/%(?=[0-9A-Fa-f]{2})|[#\p{Cc}\p{Cf}\u2028\u2029]/gu, percentEncoded)
    .replaceAll(/["\\]/g, (character) => `\\${character}`);
}

function percentEncoded(character: string): string {
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
