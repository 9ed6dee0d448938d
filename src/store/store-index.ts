import { readdirSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";
import { type ExperimentEvent, type ExperimentState, experimentReplay } from "./experiment-state.ts";
import { Journaled, type JournalOptions } from "./journal.ts";
import { type Layout, modelsFolder } from "./layout.ts";
import { type LoggedModelEvent, type LoggedModelState, loggedModelReplay } from "./logged-model-state.ts";
import { RegisteredModel } from "./registered-model.ts";
import { type RunEvent, type RunState, runReplay } from "./run-state.ts";

export type ExperimentJournal = Journaled<ExperimentState, ExperimentEvent>;
export type RunJournal = Journaled<RunState, RunEvent>;
export type LoggedModelJournal = Journaled<LoggedModelState, LoggedModelEvent>;

/** Which folders the store has; each is read when its state is first asked for. */
export class StoreIndex {
  readonly experiments = new Map<string, ExperimentJournal>();
  readonly runs = new Map<string, RunJournal>();
  readonly runsOf = new Map<string, Set<string>>();
  readonly loggedModels = new Map<string, LoggedModelJournal>();
  /** Keyed by the folder's name, which is the encoded name of the model. */
  readonly registeredModels = new Map<string, RegisteredModel>();
  readonly #layout: Layout;
  readonly #journalOptions: JournalOptions;

  constructor(layout: Layout, journalOptions: JournalOptions) {
    this.#layout = layout;
    this.#journalOptions = journalOptions;
  }

  /** Looks at the whole store for folders that are not known yet. */
  scan(): void {
    for (const id of foldersIn(this.#layout.experiments)) {
      this.addExperiment(id);
      for (const child of foldersIn(path.join(this.#layout.experiments, id))) {
        if (child !== modelsFolder) this.addRun(id, child);
        else
          for (const model of foldersIn(path.join(this.#layout.experiments, id, child)))
            this.addLoggedModel(id, model);
      }
    }
    for (const name of foldersIn(this.#layout.models)) this.addRegisteredModel(name);
  }

  /** Marks every folder as possibly changed by others. */
  markEverythingChanged(): void {
    this.scan();
    for (const entity of this.#journals()) entity.isStale = true;
  }

  /** Marks one folder, named relative to the store. */
  markChanged(folder: string): void {
    const [area = "", first = "", second, third] = folder.split(path.sep);
    if (area === "models") {
      this.addRegisteredModel(first).journal.isStale = true;
    } else if (second === undefined) {
      this.addExperiment(first).isStale = true;
    } else if (third === undefined) {
      this.addRun(first, second).isStale = true;
    } else {
      this.addLoggedModel(first, third).isStale = true;
    }
  }

  *#journals(): Generator<{ isStale: boolean }> {
    yield* this.experiments.values();
    yield* this.runs.values();
    yield* this.loggedModels.values();
    for (const model of this.registeredModels.values()) yield model.journal;
  }

  addExperiment(id: string): ExperimentJournal {
    return getOrAdd(this.experiments, id, () => {
      const folder = path.join(this.#layout.experiments, id);
      return new Journaled(folder, experimentReplay, this.#journalOptions);
    });
  }

  addRun(experimentId: string, runId: string): RunJournal {
    getOrAdd(this.runsOf, experimentId, () => new Set()).add(runId);
    return getOrAdd(this.runs, runId, () => {
      const folder = path.join(this.#layout.experiments, experimentId, runId);
      return new Journaled(folder, runReplay, this.#journalOptions);
    });
  }

  addLoggedModel(experimentId: string, modelId: string): LoggedModelJournal {
    return getOrAdd(this.loggedModels, modelId, () => {
      const folder = path.join(this.#layout.experiments, experimentId, modelsFolder, modelId);
      return new Journaled(folder, loggedModelReplay, this.#journalOptions);
    });
  }

  addRegisteredModel(folderName: string): RegisteredModel {
    return getOrAdd(
      this.registeredModels,
      folderName,
      () => new RegisteredModel(path.join(this.#layout.models, folderName), this.#journalOptions),
    );
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}
