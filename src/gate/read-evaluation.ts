import { MlopsError } from "../errors.ts";
import { isKnownMetric, metricFacts } from "../metrics/catalog.ts";
import type { Evaluation, Measured, MeasuredGroup, MetricMap } from "./evaluation.ts";
import { parseStrictJson } from "./strict-json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Rounding may carry a mean a little over the edge of its range; anything more is no such metric. */
const rangeSlack = 1e-9;

/**
 * Reads our `evaluation_results.json`, the flat form `{"auc": 0.93, "subgroups": {…}}` with either nesting of subgroups, or any
 * flat object of numbers. Throws one `not-evaluable` error that lists all that cannot be true: broken JSON, duplicate keys,
 * numbers written as texts, impossible values, two spellings of one metric with different values, no metric at all.
 */
export function readEvaluation(text: string, uri: string): Evaluation {
  const parsed = parseStrictJson(text);
  if ("problem" in parsed) throw unusable(uri, [`${uri}: ${parsed.problem}`]);
  if (!isFields(parsed.value)) throw unusable(uri, [`${uri} holds no object of metrics`]);
  return evaluationOf(parsed.value, uri);
}

/** The same from an object, for baselines that are no file. */
export function evaluationOf(document: Fields, uri: string): Evaluation {
  const problems: string[] = [];
  const nested = document["metrics"];
  const metrics = isFields(nested)
    ? readMetrics(nested, { uri, path: "metrics", reasons: document["undefined"], isFlat: false, problems })
    : readMetrics(document, { uri, path: "", reasons: undefined, isFlat: true, problems });
  if (isFields(nested)) refuseContradiction(document, metrics, { uri, problems });
  const groups = readGroups(document["subgroups"], { uri, problems });
  const hasNumber = [metrics, ...[...groups.values()].map((group) => group.metrics)].some((map) =>
    [...map.values()].some((metric) => metric.value !== null || isKnownMetric(metric.name)),
  );
  if (!hasNumber && problems.length === 0) problems.push(`${uri} holds no metric`);
  if (problems.length > 0) throw unusable(uri, problems);
  const evalSet = isFields(document["evalSet"]) ? document["evalSet"] : {};
  const model = isFields(document["model"]) ? document["model"] : document;
  const scores = isFields(document["scores"]) ? document["scores"] : {};
  return {
    uri,
    metrics,
    groups,
    evalSet: { sha256: textOf(evalSet["sha256"])?.toLowerCase() ?? null, rows: countOf(evalSet["rows"]) },
    identity: {
      runId: textOf(document["runId"]) ?? textOf(model["runId"]) ?? textOf(model["run_id"]),
      modelUri: textOf(model["uri"]),
      modelSha256: textOf(model["sha256"]),
      scoresSha256: textOf(scores["sha256"]),
    },
    evaluatedAt: textOf(document["finishedAt"]),
  };
}

interface Reading {
  readonly uri: string;
  readonly problems: string[];
}

interface MetricReading extends Reading {
  readonly path: string;
  readonly reasons: unknown;
  /** Flat files hold texts and objects of other meaning beside their numbers. */
  readonly isFlat: boolean;
}

function readMetrics(fields: Fields, reading: MetricReading): MetricMap {
  const found = new Map<string, Measured>();
  const reasons = isFields(reading.reasons) ? reading.reasons : {};
  for (const [spelled, raw] of Object.entries(fields)) {
    if (reading.isFlat && (typeof raw === "object" ? raw !== null : !isMetricLike(spelled, raw))) continue;
    const where = `${reading.uri}: ${reading.path === "" ? "" : `${reading.path}.`}${spelled}`;
    const facts = metricFacts(spelled);
    const problem = problemOf(raw, facts, !reading.isFlat || isKnownMetric(spelled));
    if (problem !== undefined) {
      reading.problems.push(`${where} ${problem}`);
      continue;
    }
    const value = typeof raw === "number" ? raw : null;
    const other = found.get(facts.name);
    if (other !== undefined && other.value !== value) {
      reading.problems.push(
        `${where} is ${value}, and ${other.spelled} is ${other.value}: both are ${facts.name}`,
      );
    }
    found.set(facts.name, { name: facts.name, spelled, value, reason: reasonOf(raw, reasons[spelled]) });
  }
  return found;
}

/** A number beside `metrics` that says something else of one of them: which is meant cannot be known. */
function refuseContradiction(document: Fields, metrics: MetricMap, reading: Reading): void {
  for (const [spelled, raw] of Object.entries(document)) {
    const metric = metrics.get(metricFacts(spelled).name);
    if (typeof raw !== "number" || metric === undefined || metric.value === raw) continue;
    reading.problems.push(
      `${reading.uri}: metrics.${metric.spelled} is ${metric.value}, and ${spelled} beside it is ${raw}: both are ${metric.name}`,
    );
  }
}

/** Texts and truth values of a flat file (`"model": "m"`) matter only where a rule may name them. */
function isMetricLike(name: string, raw: unknown): boolean {
  if (typeof raw === "number" || raw === null || isKnownMetric(name)) return true;
  return typeof raw === "string" && raw.trim() !== "" && !Number.isNaN(Number(raw));
}

function problemOf(
  raw: unknown,
  facts: ReturnType<typeof metricFacts>,
  mustBeNumber: boolean,
): string | undefined {
  if (raw === null) return undefined;
  if (typeof raw !== "number")
    return mustBeNumber ? `is ${JSON.stringify(raw)}, expected a number` : undefined;
  if (!Number.isFinite(raw)) return "is beyond what a double holds";
  if (raw >= facts.smallest - rangeSlack && raw <= facts.largest + rangeSlack) return undefined;
  return `is ${raw}, which ${facts.name} cannot be (${facts.smallest} to ${facts.largest})`;
}

function reasonOf(raw: unknown, stated: unknown): string | null {
  if (typeof raw === "number") return null;
  if (raw !== null) return `it is ${JSON.stringify(raw)}, not a number`;
  return typeof stated === "string" ? stated : "it is null, NaN or infinite";
}

/** `{column: {value: {…}}}`, `{"column=value": {…}}`, or `{group: {…}}`. */
function readGroups(raw: unknown, reading: Reading): ReadonlyMap<string, MeasuredGroup> {
  const groups = new Map<string, MeasuredGroup>();
  if (raw === undefined || raw === null) return groups;
  if (!isFields(raw)) {
    reading.problems.push(`${reading.uri}: subgroups is ${shorten(raw)}, expected an object`);
    return groups;
  }
  const add = (column: string | null, name: string, fields: unknown) => {
    const key = column === null ? name : `${column}=${name}`;
    if (!isFields(fields)) {
      reading.problems.push(
        `${reading.uri}: subgroups.${key} is ${shorten(fields)}, expected an object of metrics`,
      );
    } else if (groups.has(key))
      reading.problems.push(`${reading.uri}: the subgroup ${key} stands there twice`);
    else groups.set(key, readGroup({ key, column }, fields, reading));
  };
  for (const [name, fields] of Object.entries(raw)) {
    const equals = name.indexOf("=");
    if (isColumn(fields)) for (const [value, group] of Object.entries(fields)) add(name, value, group);
    else if (equals > 0) add(name.slice(0, equals), name.slice(equals + 1), fields);
    else add(null, name, fields);
  }
  return groups;
}

/** A column's groups are objects throughout; a group has numbers, or its metrics in `metrics` beside its counts. */
function isColumn(fields: unknown): fields is Fields {
  if (!isFields(fields)) return false;
  const values = Object.values(fields);
  return (
    values.length > 0 &&
    values.every(isFields) &&
    !("metrics" in fields && values.length === 1 && isLeaf(fields["metrics"]))
  );
}

function isLeaf(fields: unknown): boolean {
  return isFields(fields) && !Object.values(fields).some(isFields);
}

function readGroup(
  { key, column }: { readonly key: string; readonly column: string | null },
  fields: Fields,
  reading: Reading,
): MeasuredGroup {
  const nested = fields["metrics"];
  const path = `subgroups.${key}`;
  const counts = ["count", "positives", "negatives"] as const;
  for (const name of counts) {
    const count = fields[name];
    if (count !== undefined && count !== null && countOf(count) === null)
      reading.problems.push(`${reading.uri}: ${path}.${name} is ${shorten(count)}, expected a whole number`);
  }
  const plain = Object.fromEntries(Object.entries(fields).filter(([name]) => !isOneOf(counts, name)));
  return {
    key,
    column,
    count: countOf(fields["count"]) ?? countOf(fields["n"]),
    positives: countOf(fields["positives"]),
    negatives: countOf(fields["negatives"]),
    metrics: isFields(nested)
      ? readMetrics(nested, {
          ...reading,
          path: `${path}.metrics`,
          reasons: fields["undefined"],
          isFlat: false,
        })
      : readMetrics(plain, { ...reading, path, reasons: undefined, isFlat: true }),
  };
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.includes(word);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function unusable(uri: string, problems: readonly string[]): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "METRICS_FILE_INVALID",
    message: problems.map((problem) => `${problem}.`).join("\n"),
    hint: `Write ${uri} again with \`mlops evaluate\`, or mend the step that writes it.`,
  });
}
