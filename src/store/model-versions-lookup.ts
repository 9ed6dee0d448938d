import { checkAlias } from "./checks.ts";
import { invalid, missing } from "./refusal.ts";
import type { RegisteredModel, Version, VersionConflict } from "./registered-model.ts";

/** The version with this number; 404 if there is none, 400 if it was created twice. */
export function requireVersion(model: RegisteredModel, version: number): Version {
  const conflict = model.conflicts().find((known) => known.version === version);
  if (conflict !== undefined) throw invalid(describeConflict(model, conflict));
  const found = model.versions().find((known) => known.version === version);
  if (found !== undefined) return found;
  throw missing(`Model Version (name=${model.life?.name}, version=${version}) not found`);
}

/** The version behind an alias; `latest` is the highest number. 400 for an alias that is not set, as in MLflow. */
export function versionOfAlias(model: RegisteredModel, alias: string): Version {
  checkAlias(alias);
  if (alias.toLowerCase() === "latest") {
    const latest = model.versions().at(-1);
    if (latest === undefined) throw missing(`Latest version not found for model ${model.life?.name}.`);
    return latest;
  }
  const version = model.aliases().get(alias);
  if (version === undefined) throw invalid(`Registered model alias ${alias} not found.`);
  return requireVersion(model, version);
}

/** Names both creations, and what settles the matter. */
export function describeConflict(model: RegisteredModel, conflict: VersionConflict): string {
  const name = model.life?.name ?? "";
  const creations = conflict.creations.map((creation) => {
    const time = new Date(creation.createdAt).toISOString();
    const run = creation.runId === undefined || creation.runId === "" ? "no run" : `run ${creation.runId}`;
    return `${creation.file} (from ${run}, ${creation.source}, ${time})`;
  });
  return (
    `Version ${conflict.version} of model '${name}' was created more than once, by jobs that did not know of each ` +
    `other: ${creations.join(" and ")}. Nothing was merged. Keep one of these files in ` +
    `${model.folder}/versions and remove the others, then register what they held again: it gets the next number.`
  );
}
