import path from "node:path";
import { type Losses, writeKeyedFiles, writeMeta } from "./export-paths.ts";
import type { ExportTarget } from "./export-runs.ts";
import { describeConflict } from "./model-versions-lookup.ts";
import type { RegisteredModel, Version } from "./registered-model.ts";

/** Writes one registered model with its versions and aliases. */
export function exportRegisteredModel(target: ExportTarget, model: RegisteredModel): void {
  const name = model.life?.name ?? "";
  if (Buffer.byteLength(name) > 255) {
    target.losses.push(`registered model '${name}' is longer than the 255 bytes of a file name`);
    return;
  }
  const folder = path.join(target.folder, "models", name);
  const { state } = model;
  writeMeta(folder, {
    creation_timestamp: model.life?.createdAt ?? 0,
    last_updated_timestamp: state.updatedAt,
    description: state.description,
    name,
  });
  const report = { ...target, owner: `registered model '${name}'` };
  writeKeyedFiles(path.join(folder, "tags"), state.tags, report);
  for (const conflict of model.conflicts()) target.losses.push(describeConflict(model, conflict));
  const versions = model.versions();
  for (const version of versions) exportVersion(target, { folder, name, version });
  const aliases = [...model.aliases()].filter(([alias, version]) =>
    isKept(versions, { alias, version, name, losses: target.losses }),
  );
  writeKeyedFiles(
    path.join(folder, "aliases"),
    aliases.map(([alias, version]) => [alias, String(version)]),
    report,
  );
}

function exportVersion(
  target: ExportTarget,
  exported: { readonly folder: string; readonly name: string; readonly version: Version },
): void {
  const { name, version } = exported;
  const folder = path.join(exported.folder, `version-${version.version}`);
  writeMeta(folder, {
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    current_stage: version.stage,
    description: version.description,
    name,
    run_id: version.runId ?? null,
    run_link: version.runLink,
    source: version.source,
    status: "READY",
    status_message: null,
    storage_location: version.storageLocation,
    user_id: null,
    version: version.version,
    model_id: version.modelId === "" ? null : version.modelId,
  });
  writeKeyedFiles(path.join(folder, "tags"), version.tags, {
    ...target,
    owner: `version ${version.version} of '${name}'`,
  });
}

function isKept(
  versions: readonly Version[],
  move: {
    readonly alias: string;
    readonly version: number;
    readonly name: string;
    readonly losses: Losses;
  },
): boolean {
  if (versions.some((version) => version.version === move.version)) return true;
  move.losses.push(
    `alias '${move.alias}' of '${move.name}' points to version ${move.version}, which is not there`,
  );
  return false;
}
