import path from "node:path";
import { invalid } from "./refusal.ts";

/** Limits of MLflow's `utils/validation.py`, in characters. */
export const limits = {
  key: 250,
  paramValue: 6000,
  runTagValue: 8000,
  experimentName: 500,
  experimentTagValue: 20_000,
  registryTagValue: 100_000,
  alias: 255,
  artifactLocation: 2048,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
} as const;

/** Names of metrics, params and tags. */
export function checkKey(key: string, label: string): void {
  if (!/^[/\p{L}\p{N}\p{M}_.\- :]*$/u.test(key)) {
    throw invalid(
      `${invalidValue(label, key)}: Names may only contain alphanumerics, underscores (_), dashes (-), ` +
        `periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  }
  checkUniquePath(key, label);
}

function checkUniquePath(name: string, label: string): void {
  const normal = pythonNormpath(name);
  if (normal === name && normal !== "." && !normal.startsWith("..") && !normal.startsWith("/")) return;
  throw invalid(
    `${invalidValue(label, name)}: Names may be treated as files in certain cases, and must not resolve to ` +
      `other names when treated as such. This name would resolve to '${normal}'`,
  );
}

export function checkLength(value: string, limit: number, label: string): void {
  if (countCharacters(value) > limit) {
    throw invalid(`'${label}' exceeds the maximum length of ${limit} characters`);
  }
}

export function checkExperimentName(name: string): void {
  if (name === "") throw invalid("Invalid experiment name: ''");
  checkLength(name, limits.experimentName, "name");
}

export function checkModelName(name: string, label = "name"): void {
  if (name.trim() === "") throw invalid(`Missing value for required parameter '${label}'.`);
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  checkUniquePath(name, "name");
}

export function checkAlias(alias: string): void {
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  }
  checkLength(alias, limits.alias, "Registered model alias name");
}

export function checkAliasNotReserved(alias: string): void {
  if (alias.toLowerCase() === "latest") throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

/** The number of a version as clients write it. */
export function readVersion(version: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(version)) return Number(version);
  throw invalid(`Parameter 'version' must be an integer, got '${version}'.`);
}

export function checkRunId(runId: string): void {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId)) throw invalid(`${invalidValue("run_id", runId)}.`);
}

export function checkExperimentId(id: string): void {
  if (!/^[+-]?\d+$/.test(id.trim())) {
    throw invalid(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`);
  }
}

function invalidValue(label: string, value: unknown): string {
  return `Invalid value ${JSON.stringify(value)} for parameter '${label}' supplied`;
}

/** As Python counts: code points, not UTF-16 units. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) count--;
  }
  return count;
}

function pythonNormpath(name: string): string {
  const normal = path.posix.normalize(name);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
