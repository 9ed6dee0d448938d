import path from "node:path";
import type { DeploymentResult, ReleaseRecord } from "../results/deploy.ts";
import type { EnvironmentStatus } from "./deployment.ts";
import type { EnvironmentFolder } from "./records.ts";

/** Paths in texts are relative to the folder that the user works in. */
export interface Place {
  readonly folder: EnvironmentFolder;
  readonly cwd: string;
}

type Row = readonly [label: string, value: string];

/** What a person reads after a deployment, good or bad; the last line is the verdict or the next step. */
export function deploymentText(result: DeploymentResult, place: Place): string {
  const { release: record, failure } = result;
  if (record === null) return "";
  const { name, version } = record.model;
  const title = `${name} version ${version} to environment ${result.environment} (release ${record.release})`;
  if (failure !== null) return failureText(result, { record, title, place });
  const old = result.previous;
  const rows: Row[] = [
    ["endpoint", result.serving?.endpointUrl ?? "none"],
    ["process", processText(record, place)],
    ["health", `GET ${record.healthPath}: ${result.serving?.healthy === true ? "2xx" : "no 2xx any more"}`],
    ["smoke test", smokeText(record)],
    [
      "replaced",
      old === null ? "nothing" : `${old.modelName} version ${old.version} (release ${old.release}), stopped`,
    ],
  ];
  return [title, ...aligned(rows), `deployed: ${result.serving?.endpointUrl ?? ""}`].join("\n");
}

function failureText(
  result: DeploymentResult,
  parts: { readonly record: ReleaseRecord; readonly title: string; readonly place: Place },
): string {
  const { failure, serving } = result;
  const rows: Row[] = [
    ["failed at", failure?.stage ?? ""],
    ["because", failure?.message ?? ""],
    ["log", shown(parts.place, parts.place.folder.logFile(parts.record.release))],
  ];
  const lines = (failure?.lastLogLines ?? []).map((line) => `  | ${line}`);
  const log = lines.length === 0 ? ["  the server printed nothing"] : ["  its last lines:", ...lines];
  const rest =
    serving === null
      ? `not deployed: nothing serves environment ${result.environment}`
      : `not deployed: ${serving.modelName} version ${serving.version} (release ${serving.release}) ${keeping(serving)} at ${serving.endpointUrl}`;
  return [parts.title, ...aligned(rows), ...log, rest].join("\n");
}

function keeping(serving: NonNullable<DeploymentResult["serving"]>): string {
  if (!serving.healthy) return "runs but does not answer its health path";
  return serving.restarted ? "had died, was started again and serves" : "keeps serving";
}

/** What `--status` prints. */
export function statusText(status: EnvironmentStatus, place: Place): string {
  const { record, serving, problem } = status;
  const environment = place.folder.environment;
  if (record === undefined) return `environment ${environment}: ${problem ?? "nothing is deployed"}`;
  const rows: Row[] = [
    ["release", `${record.release}, live since ${record.liveAt ?? "?"}`],
    ["model", `${record.model.name} version ${record.model.version}`],
    ["endpoint", serving?.endpointUrl ?? "none"],
    ["process", processText(record, place)],
    ["command", record.command.join(" ")],
    ["smoke test", smokeText(record)],
  ];
  const verdict = problem === undefined ? "healthy" : `not healthy: ${problem}`;
  return [`environment ${environment}`, ...aligned(rows), verdict].join("\n");
}

/** What `--stop` prints; `tense` is "would be" for a dry run. */
export function stopText(environment: string, stopped: readonly ReleaseRecord[], tense = "were"): string {
  if (stopped.length === 0) return `environment ${environment}: nothing is running`;
  const names = stopped.map(
    ({ model, release }) => `${model.name} version ${model.version} (release ${release})`,
  );
  return `environment ${environment}: ${names.join(", ")} and the relay ${tense} stopped; records and logs stay`;
}

function processText(record: ReleaseRecord, place: Place): string {
  const log = shown(place, place.folder.logFile(record.release));
  return record.process === null ? `none, log ${log}` : `pid ${record.process.pid}, log ${log}`;
}

function smokeText({ smoke }: ReleaseRecord): string {
  if (smoke === null) return "none (--smoke-request)";
  const answer = smoke.response.replace(/\s+/g, " ").slice(0, 120);
  return `POST ${smoke.path}: ${smoke.status ?? "no answer"} in ${smoke.durationMs} ms: ${answer}`;
}

function shown({ cwd }: Place, file: string): string {
  return path.relative(cwd, file);
}

function aligned(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
}
