import { proxiedPath } from "./artifact-paths.ts";
import { readVersion } from "./checks.ts";
import { requireLoggedModel } from "./logged-models-api.ts";
import { requireVersion, versionOfAlias } from "./model-versions-lookup.ts";
import { invalid, type StoreRefusal } from "./refusal.ts";
import type { Version } from "./registered-model.ts";
import { requireRegisteredModel } from "./registered-models-api.ts";
import type { Store } from "./store.ts";

/** What a client says about where a new version comes from; undefined: the field was not sent. */
export interface SourceRequest {
  readonly source: string;
  readonly runId: string | undefined;
  readonly modelId: string | undefined;
}

export interface ResolvedSource {
  readonly source: string;
  readonly storageLocation: string;
  readonly runId: string | undefined;
  readonly modelId: string;
}

const remoteSchemes = new Set(["http", "https", "ftp", "sftp", "hdfs", "viewfs", "abfss", "r2", "b2"]);

/** MLflow's rules for `source` since 3.11: a proxied source must lie within the run or model that is named. */
export function resolveSource(store: Store, request: SourceRequest): ResolvedSource {
  const { source } = request;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase() ?? "";
  if (remoteSchemes.has(scheme) || /^mlflow-artifacts:\/\/[^/]/i.test(source)) {
    throw invalid(
      `'source' cannot use the '${scheme}' scheme: it names a host, which this server does not connect to.`,
    );
  }
  if (scheme === "models" && !/^models:\/m-[0-9a-f]{32}$/i.test(source)) {
    return resolveRegistered(store, request);
  }
  if ((request.modelId ?? "") === "") checkRunSource(store, scheme, request);
  else checkModelSource(store, scheme, request);
  return withStorage(store, scheme, request);
}

/** `models:/<name>/<version>`, `models:/<name>@<alias>`: stands for that version's own source. */
function resolveRegistered(store: Store, { source, runId, modelId }: SourceRequest): ResolvedSource {
  const match = /^models:\/([^/@]+)(?:\/([^/]+)|@([^/]+))$/.exec(source);
  const name = match?.[1];
  if (name === undefined) throw notWithin(source, "model_id");
  const model = requireRegisteredModel(store, name);
  const version = findVersion(model, { version: match?.[2], alias: match?.[3], source });
  const differs =
    (runId !== undefined && runId !== (version.runId ?? "")) ||
    (modelId !== undefined && modelId !== version.modelId);
  if (differs) {
    throw invalid(
      `Invalid model version source: '${source}'. The run_id and model_id request parameters must match the ` +
        "referenced model version.",
    );
  }
  return {
    source: `models:/${name}/${version.version}`,
    storageLocation: version.storageLocation,
    runId: runId ?? version.runId,
    modelId: modelId ?? version.modelId,
  };
}

function findVersion(
  model: ReturnType<typeof requireRegisteredModel>,
  target: {
    readonly version: string | undefined;
    readonly alias: string | undefined;
    readonly source: string;
  },
): Version {
  if (target.alias !== undefined) return versionOfAlias(model, target.alias);
  const version = target.version ?? "";
  if (/^\d+$/.test(version)) return requireVersion(model, readVersion(version));
  if (version.toLowerCase() === "latest") return versionOfAlias(model, "latest");
  const staged = model.versions().filter((known) => known.stage.toLowerCase() === version.toLowerCase());
  const latest = staged.at(-1);
  if (latest === undefined) throw notWithin(target.source, "model_id");
  return latest;
}

function checkRunSource(store: Store, scheme: string, { source, runId }: SourceRequest): void {
  if (scheme === "" || scheme === "file") throw localSource(source, "run_id");
  refuseRelativeParts(source);
  if (scheme === "runs") {
    const owner = /^runs:\/([^/]+)(?:\/.*)?$/.exec(source)?.[1];
    if (owner === undefined || owner !== runId) throw notWithin(source, "run_id");
  }
  if (scheme === "models") throw notWithin(source, "model_id");
  if (scheme === "mlflow-artifacts") {
    const run = runId === undefined || runId === "" ? undefined : store.run(runId);
    if (run === undefined || !isWithin(source, run.state.artifactUri)) throw notWithin(source, "run_id");
  }
}

function checkModelSource(store: Store, scheme: string, { source, modelId = "" }: SourceRequest): void {
  if (scheme === "" || scheme === "file") throw localSource(source, "model_id");
  refuseRelativeParts(source);
  if (scheme === "runs") throw notWithin(source, "model_id");
  if (scheme === "models" && source !== `models:/${modelId}`) throw notWithin(source, "model_id");
  if (scheme === "mlflow-artifacts") {
    const model = store.loggedModel(modelId);
    if (model === undefined || !isWithin(source, model.state.artifactUri))
      throw notWithin(source, "model_id");
  }
}

/** Where the files are, and the run of the logged model if the client named none. */
function withStorage(store: Store, scheme: string, request: SourceRequest): ResolvedSource {
  const { source, runId } = request;
  const modelId = request.modelId ?? "";
  // The real server answers 500 for a model that does not exist, which clients retry for minutes.
  const model = modelId === "" ? undefined : requireLoggedModel(store, modelId).state;
  const sourceRunId = model === undefined || model.sourceRunId === "" ? undefined : model.sourceRunId;
  return {
    source,
    storageLocation: scheme === "models" && model !== undefined ? model.artifactUri : source,
    runId: runId ?? sourceRunId,
    modelId,
  };
}

function isWithin(source: string, root: string): boolean {
  const inner = proxiedPath(source)?.split("/").map(decode).filter(Boolean);
  const outer = proxiedPath(root)?.split("/").filter(Boolean);
  if (inner === undefined || outer === undefined || outer.length === 0) return false;
  return outer.every((part, index) => inner[index] === part);
}

function refuseRelativeParts(source: string): void {
  const plain = decode(source.replaceAll("+", " "));
  const path = plain.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i, "");
  if (!path.split("/").some((part) => part === ".." || part === ".") && !path.includes("\0")) return;
  throw invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, ` +
      "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references " +
      "present. Please provide an absolute path.",
  );
}

/** Decodes until nothing changes: `%252e%252e` must not slip through. */
function decode(text: string): string {
  let current = text;
  for (;;) {
    let next: string;
    try {
      next = decodeURIComponent(current);
    } catch {
      // A stray `%`: as it is.
      return current;
    }
    if (next === current) return current;
    current = next;
  }
}

function localSource(source: string, idName: "run_id" | "model_id"): StoreRefusal {
  return invalid(
    `Invalid model version source: '${source}'. To use a local path as a model version source, the ${idName} ` +
      "request parameter has to be specified and the local path has to be contained within the artifact " +
      `directory of the run specified by the ${idName}.`,
  );
}

function notWithin(source: string, idName: "run_id" | "model_id"): StoreRefusal {
  return invalid(
    `Invalid model version source: '${source}'. The ${idName} request parameter must identify the resource that ` +
      "contains the source.",
  );
}
