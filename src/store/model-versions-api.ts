import type { Call, Route } from "./call.ts";
import { checkAlias, checkAliasNotReserved, checkKey, checkModelName, readVersion } from "./checks.ts";
import { requireVersion, versionOfAlias } from "./model-versions-lookup.ts";
import { invalid, missing } from "./refusal.ts";
import type { RegisteredModel, Version } from "./registered-model.ts";
import { checkRegistryTag, requireRegisteredModel } from "./registered-models-api.ts";
import { searchModelVersions } from "./search-registry.ts";
import { canonicalStage } from "./stages.ts";
import type { Store, Writing } from "./store.ts";
import { resolveSource } from "./version-source.ts";
import { type View, viewVersion } from "./views.ts";

export const modelVersionRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/model-versions/create", handle: createVersion },
  { method: "GET", path: "/mlflow/model-versions/get", handle: getVersion },
  { method: "GET", path: "/mlflow/model-versions/get-download-uri", handle: getDownloadUri },
  { method: "GET", path: "/mlflow/model-versions/search", handle: searchModelVersions },
  { method: "PATCH", path: "/mlflow/model-versions/update", handle: updateVersion },
  { method: "DELETE", path: "/mlflow/model-versions/delete", handle: deleteVersion },
  { method: "POST", path: "/mlflow/model-versions/set-tag", handle: setVersionTag },
  { method: "DELETE", path: "/mlflow/model-versions/delete-tag", handle: deleteVersionTag },
  { method: "POST", path: "/mlflow/model-versions/transition-stage", handle: transitionStage },
  { method: "POST", path: "/mlflow/registered-models/alias", handle: setAlias },
  { method: "DELETE", path: "/mlflow/registered-models/alias", handle: deleteAlias },
  { method: "GET", path: "/mlflow/registered-models/alias", handle: getByAlias },
];

const versionsTag = "mlflow.modelVersions";

async function createVersion({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const request = {
    source: fields.requiredString("source"),
    runId: fields.string("run_id"),
    modelId: fields.string("model_id"),
  };
  const tags = fields.keyValues("tags");
  checkModelName(name);
  for (const { key, value } of tags) checkRegistryTag(key, value);
  return await store.write((writing) => {
    const { modelId, runId, source, storageLocation } = resolveSource(store, request);
    const model = requireRegisteredModel(store, name);
    const made = madeAlready(model, tags);
    if (made !== undefined) return { model_version: viewVersion(model, made) };
    const version = model.nextVersion();
    writing.note(model.folder);
    model.writeVersion(
      {
        life: model.life?.id ?? "",
        version,
        createdAt: writing.at,
        source,
        storageLocation,
        ...(runId !== undefined && { runId }),
        runLink: fields.string("run_link") ?? "",
        description: fields.string("description") ?? "",
        modelId,
        tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      },
      store.randomHex(6),
    );
    writing.append(model.journal, { kind: "registered-touched" });
    if (modelId !== "") noteOnModel(store, writing, { modelId, name, version });
    return { model_version: viewVersion(model, requireVersion(model, version)) };
  });
}

/** Two starts of one job at the same time both look for their version before either makes it: here they meet. */
function madeAlready(
  model: RegisteredModel,
  tags: readonly { readonly key: string; readonly value: string }[],
): Version | undefined {
  const key = tags.find((tag) => tag.key === "mlops.idempotency_key")?.value;
  if (key === undefined) return undefined;
  return model.versions().find((version) => version.tags.get("mlops.idempotency_key") === key);
}

/** MLflow keeps a list of the versions that a logged model became in a tag of it. */
function noteOnModel(
  store: Store,
  writing: Writing,
  made: { readonly modelId: string; readonly name: string; readonly version: number },
): void {
  const journal = store.loggedModel(made.modelId);
  if (journal === undefined) return;
  journal.refresh();
  const value = JSON.stringify([
    ...readList(journal.state.tags.get(versionsTag)),
    { name: made.name, version: made.version },
  ]);
  writing.append(journal, { kind: "model-tags-set", tags: { [versionsTag]: value } });
}

function readList(text: string | undefined): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    // A client may have put anything there: begin anew.
    return [];
  }
}

function getVersion({ store, fields }: Call): View {
  const { model, version } = readTarget({ store, fields });
  return { model_version: viewVersion(model, version) };
}

function getDownloadUri({ store, fields }: Call): View {
  return { artifact_uri: readTarget({ store, fields }).version.storageLocation };
}

async function updateVersion({ store, fields }: Call): Promise<View> {
  const description = fields.string("description") ?? null;
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields });
    writing.append(model.journal, { kind: "version-updated", file: version.file, description });
    return { model_version: viewVersion(model, requireVersion(model, version.version)) };
  });
}

/** The number is not given again, and its aliases go. */
async function deleteVersion({ store, fields }: Call): Promise<View> {
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields });
    for (const [alias, target] of model.aliases()) {
      if (target === version.version) moveAlias(store, writing, { model, alias, version: null });
    }
    writing.append(model.journal, { kind: "version-deleted", file: version.file });
    return {};
  });
}

async function setVersionTag({ store, fields }: Call): Promise<View> {
  const key = fields.requiredString("key");
  const value = fields.string("value") ?? "";
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields }, () => checkRegistryTag(key, value));
    writing.append(model.journal, { kind: "version-tag-set", file: version.file, key, value });
    return {};
  });
}

/** A tag that is not there is fine, unlike with runs. */
async function deleteVersionTag({ store, fields }: Call): Promise<View> {
  const key = fields.requiredString("key");
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields }, () => checkKey(key, "key"));
    if (version.tags.has(key)) {
      writing.append(model.journal, { kind: "version-tag-deleted", file: version.file, key });
    }
    return {};
  });
}

async function transitionStage({ store, fields }: Call): Promise<View> {
  const asked = fields.requiredString("stage");
  const archives = fields.boolean("archive_existing_versions");
  const stage = canonicalStage(asked);
  if (archives && stage !== "Staging" && stage !== "Production") {
    throw invalid(
      `Model version transition cannot archive existing model versions because '${asked}' is not an Active stage. ` +
        "Valid stages are ['Staging', 'Production']",
    );
  }
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields });
    const replaced = model
      .versions()
      .filter((known) => archives && known.stage === stage && known.version !== version.version);
    if (replaced.length > 0) {
      const files = replaced.map((known) => known.file);
      writing.append(model.journal, { kind: "version-staged", files, stage: "Archived" });
    }
    writing.append(model.journal, { kind: "version-staged", files: [version.file], stage });
    return { model_version: viewVersion(model, requireVersion(model, version.version)) };
  });
}

async function setAlias({ store, fields }: Call): Promise<View> {
  const alias = fields.requiredString("alias");
  const check = () => {
    checkAlias(alias);
    checkAliasNotReserved(alias);
  };
  return await store.write((writing) => {
    const { model, version } = readTarget({ store, fields }, check);
    if (model.aliases().get(alias) !== version.version) {
      moveAlias(store, writing, { model, alias, version: version.version });
    }
    return {};
  });
}

async function deleteAlias({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const alias = fields.requiredString("alias");
  return await store.write((writing) => {
    checkModelName(name);
    checkAlias(alias);
    const model = requireRegisteredModel(store, name);
    if (model.aliases().has(alias)) moveAlias(store, writing, { model, alias, version: null });
    return {};
  });
}

function getByAlias({ store, fields }: Call): View {
  const name = fields.requiredString("name");
  const alias = fields.requiredString("alias");
  checkModelName(name);
  checkAlias(alias);
  const model = requireRegisteredModel(store, name);
  return { model_version: viewVersion(model, versionOfAlias(model, alias)) };
}

function moveAlias(
  store: Store,
  writing: Writing,
  move: { readonly model: RegisteredModel; readonly alias: string; readonly version: number | null },
): void {
  const { model, alias, version } = move;
  writing.note(model.folder);
  model.writeMove({ life: model.life?.id ?? "", alias, version }, writing.at, store.randomHex(6));
}

/** Name and version of the request, checked in the real server's order: name, number, the rest, existence. */
function readTarget(
  { store, fields }: Pick<Call, "store" | "fields">,
  check: () => void = () => undefined,
): { readonly model: RegisteredModel; readonly version: Version } {
  const name = fields.requiredString("name");
  const text = fields.requiredString("version");
  checkModelName(name);
  check();
  const number = readVersion(text);
  const model = store.registeredModel(name);
  model?.refresh();
  // Without the model there is no version of it: the real server names the version too.
  if (model?.life === undefined) {
    throw missing(`Model Version (name=${name}, version=${number}) not found`);
  }
  return { model, version: requireVersion(model, number) };
}
