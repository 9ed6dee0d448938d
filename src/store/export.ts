import { cp, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import type { Losses } from "./export-paths.ts";
import { exportRegisteredModel } from "./export-registry.ts";
import { type ExportTarget, exportExperiment, exportLoggedModel, exportRun } from "./export-runs.ts";
import { artifactsFolder, modelsFolder } from "./layout.ts";
import { Store } from "./store.ts";

export interface ExportRequest {
  /** Absolute path of the store. */
  readonly directory: string;
  /** Absolute path of the tree to write: missing, or an empty folder. */
  readonly target: string;
  /** Write what the layout can hold although there is more. */
  readonly skipUnrepresentable: boolean;
  readonly dryRun: boolean;
  now(): Date;
  randomHex(byteCount: number): string;
}

export interface ExportReport {
  readonly experiments: number;
  readonly runs: number;
  readonly loggedModels: number;
  readonly registeredModels: number;
  readonly modelVersions: number;
  /** What was left out or changed, one sentence each; empty unless it was asked to skip. */
  readonly losses: readonly string[];
  /** What a reader should know although nothing is lost. */
  readonly notes: readonly string[];
}

/**
 * Writes the store as the file-store tree that `mlflow migrate-filestore` reads. The target appears as a whole or
 * not at all. Throws `usage` where the target is in use, and where the layout cannot hold something of the store.
 */
export async function exportStore(request: ExportRequest): Promise<ExportReport> {
  await requireStore(request.directory);
  await requireEmptyTarget(request.target);
  const partial = `${request.target}.${request.randomHex(4)}.tmp`;
  const warnings: string[] = [];
  const store = await Store.open({
    directory: request.directory,
    now: () => request.now(),
    randomHex: (byteCount) => request.randomHex(byteCount),
    // Damaged files are losses too. Conflicts are named here and by the export of their model: kept once below.
    log: (level, line) => {
      if (level === "warn") warnings.push(line);
    },
  });
  try {
    await mkdir(partial, { recursive: true });
    const target = { folder: partial, losses: [], notes: [], ignoresCase: await ignoresCase(partial) };
    const written = await writeTree(store, target, !request.dryRun);
    const report = { ...written, losses: [...new Set([...warnings, ...written.losses])] };
    if (report.losses.length > 0 && !request.skipUnrepresentable) throw cannotHold(report.losses);
    if (request.dryRun) return report;
    await rm(path.join(partial, ".case-probe"), { force: true });
    await removeEmptyFolder(request.target);
    await rename(partial, request.target);
    return report;
  } catch (error) {
    if (error instanceof MlopsError) throw error;
    throw new MlopsError({
      kind: "usage",
      code: "EXPORT_NOT_WRITTEN",
      message: `The export to ${request.target} could not be written: ${messageOf(error)}.`,
      hint: "Check the free space and that the folder above it may be written to.",
      cause: error,
    });
  } finally {
    store.close();
    await rm(partial, { recursive: true, force: true });
  }
}

async function writeTree(store: Store, target: ExportTarget, withArtifacts: boolean): Promise<ExportReport> {
  const counts = { experiments: 0, runs: 0, loggedModels: 0, registeredModels: 0, modelVersions: 0 };
  const names = new Set<string>();
  for (const experiment of store.experiments()) {
    const name = uniqueName(names, { name: experiment.name, id: experiment.id, losses: target.losses });
    const folder = exportExperiment(target, experiment, name);
    counts.experiments++;
    for (const run of store.runsOf(experiment.id).toSorted((a, b) => a.startTime - b.startTime)) {
      exportRun(store, target, { parent: folder, run });
      counts.runs++;
    }
    for (const model of store.loggedModels()) {
      if (model.experimentId !== experiment.id) continue;
      exportLoggedModel(target, folder, model);
      counts.loggedModels++;
    }
    if (withArtifacts) await copyExperimentArtifacts(store, target, experiment.id);
  }
  for (const model of store.registeredModels()) {
    exportRegisteredModel(target, model);
    counts.registeredModels++;
    counts.modelVersions += model.versions().length;
  }
  if (withArtifacts) await copyOtherFiles(store, target);
  return { ...counts, losses: target.losses, notes: target.notes };
}

/**
 * Artifacts go where their URIs point below the root, also those of experiments in `.trash`: the server that
 * serves the tree looks them up by URI.
 */
async function copyExperimentArtifacts(store: Store, target: ExportTarget, id: string): Promise<void> {
  const source = path.join(store.layout.experiments, id);
  const owners = [
    ...store.runsOf(id).map((run) => [run.runId]),
    ...store
      .loggedModels()
      .filter((model) => model.experimentId === id)
      .map((model) => [modelsFolder, model.modelId]),
  ];
  for (const owner of owners) {
    const from = path.join(source, ...owner, artifactsFolder);
    const to = path.join(target.folder, id, ...owner, artifactsFolder);
    if (await exists(from)) await cp(from, to, { recursive: true });
  }
}

/** What clients uploaded outside of runs and models, as long as it does not get in the tree's way. */
async function copyOtherFiles(store: Store, target: ExportTarget): Promise<void> {
  for (const name of (await exists(store.layout.files)) ? await readdir(store.layout.files) : []) {
    if (/^\d+$/.test(name) || [modelsFolder, ".trash"].includes(name)) {
      target.losses.push(
        `artifacts below '${name}' that belong to no run or model stand in the tree's own folders`,
      );
      continue;
    }
    await cp(path.join(store.layout.files, name), path.join(target.folder, name), { recursive: true });
  }
}

/** Names are unique in MLflow's tables; two stores laid over each other may bring one twice. */
function uniqueName(
  names: Set<string>,
  experiment: { readonly name: string; readonly id: string; readonly losses: Losses },
): string {
  if (!names.has(experiment.name)) {
    names.add(experiment.name);
    return experiment.name;
  }
  const name = `${experiment.name} (${experiment.id})`;
  experiment.losses.push(`a second experiment is named '${experiment.name}'; it becomes '${name}'`);
  names.add(name);
  return name;
}

async function requireStore(directory: string): Promise<void> {
  if (await exists(path.join(directory, "experiments"))) return;
  throw new MlopsError({
    kind: "usage",
    code: "STORE_MISSING",
    message: `There is no store in ${directory}.`,
    hint: "Name the folder of the store with --store-dir; `mlops train` and `mlops store serve` make one.",
  });
}

async function requireEmptyTarget(target: string): Promise<void> {
  const names = await namesIn(target);
  if (names === undefined || names.length === 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "EXPORT_TARGET_NOT_EMPTY",
    message: `${target} is not empty: it holds ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}.`,
    hint: "Name a new folder: an export is never mixed with other files.",
  });
}

async function removeEmptyFolder(target: string): Promise<void> {
  if (await exists(target)) await rmdir(target);
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw new MlopsError({
      kind: "usage",
      code: "EXPORT_TARGET_UNUSABLE",
      message: `${folder} cannot be used as the export's folder: ${messageOf(error)}.`,
      hint: "Name a new folder.",
      cause: error,
    });
  }
}

async function ignoresCase(folder: string): Promise<boolean> {
  await writeFile(path.join(folder, ".case-probe"), "");
  return await exists(path.join(folder, ".CASE-PROBE"));
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return false;
    throw error;
  }
}

function cannotHold(losses: readonly string[]): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "EXPORT_UNREPRESENTABLE",
    message: [
      `MLflow's file-store layout cannot hold ${losses.length} thing${losses.length === 1 ? "" : "s"} of this store:`,
      ...losses,
    ].join("\n"),
    hint: "Nothing was written. --skip-unrepresentable writes the rest and lists these.",
  });
}
