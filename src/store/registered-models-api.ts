import type { Call, Route } from "./call.ts";
import { checkKey, checkLength, checkModelName, limits } from "./checks.ts";
import { missing, StoreRefusal } from "./refusal.ts";
import type { RegisteredModel } from "./registered-model.ts";
import { searchRegisteredModels } from "./search-registry.ts";
import { canonicalStage, stages } from "./stages.ts";
import type { Store } from "./store.ts";
import { latestVersions, optionalList, type View, viewRegisteredModel, viewVersion } from "./views.ts";

export const registeredModelRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/registered-models/create", handle: createRegisteredModel },
  { method: "GET", path: "/mlflow/registered-models/get", handle: getRegisteredModel },
  { method: "GET", path: "/mlflow/registered-models/search", handle: searchRegisteredModels },
  { method: "PATCH", path: "/mlflow/registered-models/update", handle: updateRegisteredModel },
  { method: "POST", path: "/mlflow/registered-models/rename", handle: renameRegisteredModel },
  { method: "DELETE", path: "/mlflow/registered-models/delete", handle: deleteRegisteredModel },
  { method: "POST", path: "/mlflow/registered-models/set-tag", handle: setRegisteredModelTag },
  { method: "DELETE", path: "/mlflow/registered-models/delete-tag", handle: deleteRegisteredModelTag },
  { method: "POST", path: "/mlflow/registered-models/get-latest-versions", handle: getLatestVersions },
  { method: "GET", path: "/mlflow/registered-models/get-latest-versions", handle: getLatestVersions },
];

/** The registered model, read anew; 404 if there is none. */
export function requireRegisteredModel(store: Store, name: string): RegisteredModel {
  checkModelName(name);
  const model = store.registeredModel(name);
  model?.refresh();
  if (model?.life === undefined) throw missing(`Registered Model with name=${name} not found`);
  return model;
}

export function checkRegistryTag(key: string, value: string): void {
  checkKey(key, "key");
  checkLength(key, limits.key, "key");
  checkLength(value, limits.registryTagValue, "value");
}

async function createRegisteredModel({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const description = fields.string("description") ?? "";
  const tags = fields.keyValues("tags");
  checkModelName(name);
  for (const { key, value } of tags) checkRegistryTag(key, value);
  return await store.write((writing) => {
    const model = freeSlot(store, name);
    writing.append(model.journal, {
      kind: "registered",
      life: store.randomHex(6),
      name,
      description,
      tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    });
    return { registered_model: viewRegisteredModel(model) };
  });
}

function freeSlot(store: Store, name: string): RegisteredModel {
  const model = store.registeredModelSlot(name);
  model.refresh();
  if (model.life === undefined) return model;
  throw new StoreRefusal("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`);
}

function getRegisteredModel({ store, fields }: Call): View {
  return {
    registered_model: viewRegisteredModel(requireRegisteredModel(store, fields.requiredString("name"))),
  };
}

async function updateRegisteredModel({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const description = fields.string("description") ?? "";
  return await store.write((writing) => {
    const model = requireRegisteredModel(store, name);
    writing.append(model.journal, { kind: "registered-updated", description });
    return { registered_model: viewRegisteredModel(model) };
  });
}

/**
 * A model's folder is named after it, so renaming copies everything to a new folder. The copy begins to exist with
 * its `registered` event, written last: a kill in between leaves the old model as it was.
 */
async function renameRegisteredModel({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const newName = fields.requiredString("new_name");
  checkModelName(newName, "new_name");
  return await store.write((writing) => {
    const old = requireRegisteredModel(store, name);
    refuseConflicts(old);
    const model = freeSlot(store, newName);
    writing.note(model.folder);
    const life = store.randomHex(6);
    copyVersions(store, { from: old, to: model, life, at: writing.at });
    writing.append(model.journal, {
      kind: "registered",
      life,
      name: newName,
      description: old.state.description,
      tags: Object.fromEntries(old.state.tags),
      createdAt: old.life?.createdAt ?? writing.at,
    });
    writing.append(old.journal, { kind: "registered-deleted", lives: [...old.state.lives.keys()] });
    return { registered_model: viewRegisteredModel(model) };
  });
}

function refuseConflicts(model: RegisteredModel): void {
  const [conflict] = model.conflicts();
  if (conflict === undefined) return;
  throw new StoreRefusal(
    "INVALID_PARAMETER_VALUE",
    `Version ${conflict.version} of this model was created twice; delete one of the creations first.`,
  );
}

function copyVersions(
  store: Store,
  copy: {
    readonly from: RegisteredModel;
    readonly to: RegisteredModel;
    readonly life: string;
    readonly at: number;
  },
): void {
  for (const version of copy.from.versions()) {
    const { file: _file, stage, tags, runId, ...record } = version;
    copy.to.writeVersion(
      {
        ...record,
        ...(runId !== undefined && { runId }),
        life: copy.life,
        updatedAt: copy.at,
        tags: Object.fromEntries(tags),
        ...(stage !== "None" && { stage }),
      },
      store.randomHex(6),
    );
  }
  for (const [alias, version] of copy.from.aliases()) {
    copy.to.writeMove({ life: copy.life, alias, version }, copy.at, store.randomHex(6));
  }
}

async function deleteRegisteredModel({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  return await store.write((writing) => {
    const model = requireRegisteredModel(store, name);
    writing.append(model.journal, { kind: "registered-deleted", lives: [...model.state.lives.keys()] });
    return {};
  });
}

async function setRegisteredModelTag({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const key = fields.requiredString("key");
  const value = fields.string("value") ?? "";
  checkModelName(name);
  checkRegistryTag(key, value);
  return await store.write((writing) => {
    writing.append(requireRegisteredModel(store, name).journal, { kind: "registered-tag-set", key, value });
    return {};
  });
}

async function deleteRegisteredModelTag({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const key = fields.requiredString("key");
  checkModelName(name);
  checkKey(key, "key");
  return await store.write((writing) => {
    const model = requireRegisteredModel(store, name);
    if (model.state.tags.has(key)) writing.append(model.journal, { kind: "registered-tag-deleted", key });
    return {};
  });
}

function getLatestVersions({ store, fields }: Call): View {
  const model = requireRegisteredModel(store, fields.requiredString("name"));
  const wanted = fields.strings("stages");
  const expected: readonly string[] = wanted.length === 0 ? stages : wanted.map(canonicalStage);
  const versions = latestVersions(model).filter((version) => expected.includes(version.stage));
  return { model_versions: optionalList(versions.map((version) => viewVersion(model, version))) };
}
