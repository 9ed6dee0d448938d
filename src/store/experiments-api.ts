import type { Call, Route } from "./call.ts";
import { checkExperimentId, checkExperimentName, checkKey, checkLength, limits } from "./checks.ts";
import type { ExperimentState } from "./experiment-state.ts";
import { experimentIdOf } from "./layout.ts";
import { invalid, missing, StoreRefusal } from "./refusal.ts";
import { searchExperiments } from "./search-experiments.ts";
import type { Store, Writing } from "./store.ts";
import type { ExperimentJournal } from "./store-index.ts";
import { type View, viewExperiment } from "./views.ts";

export const experimentRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/experiments/create", handle: createExperiment },
  { method: "GET", path: "/mlflow/experiments/get", handle: getExperiment },
  { method: "GET", path: "/mlflow/experiments/get-by-name", handle: getExperimentByName },
  { method: "POST", path: "/mlflow/experiments/search", handle: searchExperiments },
  { method: "GET", path: "/mlflow/experiments/search", handle: searchExperiments },
  { method: "POST", path: "/mlflow/experiments/update", handle: renameExperiment },
  { method: "POST", path: "/mlflow/experiments/delete", handle: deleteExperiment },
  { method: "POST", path: "/mlflow/experiments/restore", handle: restoreExperiment },
  { method: "POST", path: "/mlflow/experiments/set-experiment-tag", handle: setExperimentTag },
  { method: "POST", path: "/mlflow/experiments/delete-experiment-tag", handle: deleteExperimentTag },
];

/** The experiment with this id, whatever its stage; 404 if there is none. */
function requireExperiment(store: Store, id: string): ExperimentJournal {
  checkExperimentId(id);
  const journal = store.experiment(id.trim());
  if (journal === undefined) throw missing(`No Experiment with id=${id} exists`);
  return journal;
}

export function requireActiveExperiment(store: Store, id: string): ExperimentJournal {
  const journal = requireExperiment(store, id);
  journal.refresh();
  const { lifecycle } = journal.state;
  if (lifecycle !== "active") {
    throw invalid(`The experiment ${id} must be in the 'active' state. Current state is ${lifecycle}.`);
  }
  return journal;
}

async function createExperiment({ store, fields }: Call): Promise<View> {
  const name = fields.requiredString("name");
  const location = fields.string("artifact_location") ?? "";
  const tags = fields.keyValues("tags");
  checkExperimentName(name);
  if (location !== "") checkArtifactLocation(location);
  for (const tag of tags) checkExperimentTag(tag.key, tag.value);
  return await store.write((writing) => {
    for (const known of store.experiments()) refuseName(known, name);
    let attempt = 0;
    let id = experimentIdOf(name);
    while (store.experiment(id) !== undefined) id = experimentIdOf(name, ++attempt);
    const slot = store.experimentSlot(id);
    slot.refresh();
    refuseName(slot.state, name);
    writing.append(slot, {
      kind: "experiment-created",
      id,
      name,
      artifactLocation: location === "" ? `mlflow-artifacts:/${id}` : location,
      tags: Object.fromEntries(tags.map((tag) => [tag.key, tag.value])),
    });
    return { experiment_id: id };
  });
}

/** The name of a deleted experiment is taken too. */
function refuseName(state: ExperimentState, name: string): void {
  if (!state.exists || state.name !== name) return;
  const hint = state.lifecycle === "deleted" ? " It is deleted: restore it, or take another name." : "";
  throw new StoreRefusal("RESOURCE_ALREADY_EXISTS", `Experiment(name=${name}) already exists.${hint}`);
}

/** Our server hands out what stands in the store; artifacts elsewhere would not move with it. */
function checkArtifactLocation(location: string): void {
  checkLength(location, limits.artifactLocation, "artifact_location");
  if (location.startsWith("runs:")) {
    throw invalid(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  }
  if (/[#;]/.test(location)) throw invalid("'artifact_location' URL can't include fragments or params.");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase();
  const isElsewhere = ["http", "https", "ftp", "sftp", "hdfs", "viewfs", "abfss", "r2", "b2"].includes(
    scheme ?? "",
  );
  if (isElsewhere || /^mlflow-artifacts:\/\/[^/]/i.test(location)) {
    throw invalid(
      `Invalid value for 'artifact_location': the scheme '${scheme}' names a host, which this server does not ` +
        `connect to. Given: '${location}'`,
    );
  }
}

function getExperiment({ store, fields }: Call): View {
  const journal = requireExperiment(store, fields.requiredString("experiment_id"));
  return { experiment: viewExperiment(journal.state) };
}

function getExperimentByName({ store, fields }: Call): View {
  const name = fields.requiredString("experiment_name");
  const found = store.experiments().find((state) => state.name === name);
  if (found !== undefined) return { experiment: viewExperiment(found) };
  throw missing(`Could not find experiment with name '${name}'`);
}

async function renameExperiment({ store, fields }: Call): Promise<View> {
  const id = fields.requiredString("experiment_id");
  const name = fields.requiredString("new_name");
  checkExperimentName(name);
  return await store.write((writing) => {
    const journal = fresh(requireExperiment(store, id));
    if (journal.state.lifecycle !== "active") throw invalid("Cannot rename a non-active experiment.");
    for (const other of store.experiments()) if (other.id !== id) refuseName(other, name);
    writing.append(journal, { kind: "experiment-renamed", name });
    return {};
  });
}

async function deleteExperiment({ store, fields }: Call): Promise<View> {
  return await changeStage({ store, fields }, "active", (journal, writing) =>
    writing.append(journal, { kind: "experiment-deleted" }),
  );
}

async function restoreExperiment({ store, fields }: Call): Promise<View> {
  return await changeStage({ store, fields }, "deleted", (journal, writing) =>
    writing.append(journal, { kind: "experiment-restored" }),
  );
}

async function changeStage(
  { store, fields }: Pick<Call, "store" | "fields">,
  from: "active" | "deleted",
  change: (journal: ExperimentJournal, writing: Writing) => void,
): Promise<View> {
  const id = fields.requiredString("experiment_id");
  return await store.write((writing) => {
    const journal = fresh(requireExperiment(store, id));
    // To this call an experiment in the other stage does not exist, as on the real server.
    if (journal.state.lifecycle !== from) throw missing(`No Experiment with id=${id} exists`);
    change(journal, writing);
    return {};
  });
}

async function setExperimentTag({ store, fields }: Call): Promise<View> {
  const id = fields.requiredString("experiment_id");
  const key = fields.requiredString("key");
  const value = fields.string("value") ?? "";
  checkExperimentTag(key, value);
  return await store.write((writing) => {
    writing.append(requireActiveExperiment(store, id), { kind: "experiment-tag-set", key, value });
    return {};
  });
}

async function deleteExperimentTag({ store, fields }: Call): Promise<View> {
  const id = fields.requiredString("experiment_id");
  const key = fields.requiredString("key");
  return await store.write((writing) => {
    const journal = requireActiveExperiment(store, id);
    if (!journal.state.tags.has(key)) {
      throw missing(`No tag with name: ${key} in experiment with id ${id}`);
    }
    writing.append(journal, { kind: "experiment-tag-deleted", key });
    return {};
  });
}

function checkExperimentTag(key: string, value: string): void {
  checkKey(key, "key");
  checkLength(key, limits.key, "key");
  checkLength(value, limits.experimentTagValue, "value");
}

function fresh(journal: ExperimentJournal): ExperimentJournal {
  journal.refresh();
  return journal;
}
