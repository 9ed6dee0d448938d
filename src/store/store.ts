import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";
import {
  type ExperimentEvent,
  type ExperimentState,
  experimentReplay,
  type LifecycleStage,
} from "./experiment-state.ts";
import { Journaled, type JournalOptions } from "./journal.ts";
import { defaultExperiment, encodeName, type Layout, layoutOf, modelsFolder } from "./layout.ts";
import { StoreLock } from "./lock.ts";
import { type LoggedModelEvent, type LoggedModelState, loggedModelReplay } from "./logged-model-state.ts";
import { describeConflict } from "./model-versions-lookup.ts";
import { RegisteredModel } from "./registered-model.ts";
import { type RunEvent, type RunState, runReplay } from "./run-state.ts";

export type ExperimentJournal = Journaled<ExperimentState, ExperimentEvent>;
export type RunJournal = Journaled<RunState, RunEvent>;
export type LoggedModelJournal = Journaled<LoggedModelState, LoggedModelEvent>;

export interface StoreSource {
  readonly directory: string;
  now(): Date;
  randomHex(byteCount: number): string;
  readonly log: (level: "debug" | "warn", line: string) => void;
}

/** What may be written while the lock is held. */
export interface Writing {
  /** Epoch ms of this write. */
  readonly at: number;
  append<S, E extends { readonly kind: string }>(journal: Journaled<S, E>, event: E): void;
  /** Announces a folder that was changed in another way than by `append`. */
  note(folder: string): void;
}

/** The store's content: an index of what is there, with each run and model read when it is first asked for. */
export class Store {
  readonly layout: Layout;
  readonly #source: StoreSource;
  readonly #lock: StoreLock;
  readonly #journalOptions: JournalOptions;
  readonly #experiments = new Map<string, ExperimentJournal>();
  readonly #runs = new Map<string, RunJournal>();
  readonly #runsOf = new Map<string, Set<string>>();
  readonly #loggedModels = new Map<string, LoggedModelJournal>();
  readonly #registeredModels = new Map<string, RegisteredModel>();

  private constructor(source: StoreSource) {
    this.#source = source;
    this.layout = layoutOf(source.directory);
    const warn = (line: string) => source.log("warn", line);
    this.#journalOptions = { writer: source.randomHex(6), warn };
    mkdirSync(this.layout.root, { recursive: true });
    this.#lock = new StoreLock(`${source.directory}.lock.db`);
    this.#scan();
  }

  /** Opens the folder `source.directory`, which is made if missing, and says which versions are in conflict. */
  static async open(source: StoreSource): Promise<Store> {
    const store = new Store(source);
    if (store.experiment(defaultExperiment.id) === undefined) await store.#makeDefaultExperiment();
    for (const model of store.#registeredModels.values()) {
      for (const conflict of model.conflicts()) source.log("warn", describeConflict(model, conflict));
    }
    return store;
  }

  close(): void {
    this.#lock.close();
  }

  nowMs(): number {
    return this.#source.now().getTime();
  }

  randomHex(byteCount: number): string {
    return this.#source.randomHex(byteCount);
  }

  /** Takes the lock, catches up with what other processes wrote, and runs `work`, which checks and appends. */
  async write<T>(work: (writing: Writing) => T): Promise<T> {
    return await this.#lock.exclusively((noteChange) => {
      this.catchUp();
      const at = this.nowMs();
      const note = (folder: string) => noteChange(path.relative(this.layout.root, folder));
      return work({
        at,
        note,
        append: (journal, event) => {
          note(journal.folder);
          journal.append(event, at);
        },
      });
    });
  }

  /** Marks what other processes changed; costs microseconds when they changed nothing. */
  catchUp(): void {
    const changes = this.#lock.changes();
    if (changes === undefined) return;
    if (changes === "everything") {
      this.#scan();
      for (const entity of this.#allJournals()) entity.isStale = true;
      return;
    }
    for (const folder of changes) this.#markChanged(folder);
  }

  experiments(): ExperimentState[] {
    return [...this.#experiments.values()].map((journal) => journal.state).filter((state) => state.exists);
  }

  experiment(id: string): ExperimentJournal | undefined {
    const journal = this.#experiments.get(id);
    return journal?.state.exists === true ? journal : undefined;
  }

  /** A journal for an experiment that is about to be created (or was, and turned out to be empty). */
  experimentSlot(id: string): ExperimentJournal {
    return this.#addExperiment(id);
  }

  run(runId: string): RunJournal | undefined {
    const journal = this.#runs.get(runId);
    return journal?.state.exists === true ? journal : undefined;
  }

  runSlot(experimentId: string, runId: string): RunJournal {
    return this.#addRun(experimentId, runId);
  }

  runsOf(experimentId: string): RunState[] {
    const runs: RunState[] = [];
    for (const runId of this.#runsOf.get(experimentId) ?? []) {
      const journal = this.run(runId);
      if (journal !== undefined) runs.push(journal.state);
    }
    return runs;
  }

  /** Deleting or restoring an experiment does the same to its runs, in one event; the later word counts. */
  stageOf(run: RunState): LifecycleStage {
    const experiment = this.experiment(run.experimentId)?.state;
    if (experiment === undefined || experiment.lifecycleAt <= run.lifecycleAt) return run.lifecycle;
    return experiment.lifecycle;
  }

  loggedModel(modelId: string): LoggedModelJournal | undefined {
    const journal = this.#loggedModels.get(modelId);
    return journal?.state.exists === true ? journal : undefined;
  }

  loggedModelSlot(experimentId: string, modelId: string): LoggedModelJournal {
    return this.#addLoggedModel(experimentId, modelId);
  }

  loggedModels(): LoggedModelState[] {
    return [...this.#loggedModels.values()].map((journal) => journal.state).filter((state) => state.exists);
  }

  registeredModels(): RegisteredModel[] {
    return [...this.#registeredModels.values()].filter((model) => model.life !== undefined);
  }

  registeredModel(name: string): RegisteredModel | undefined {
    const model = this.#registeredModels.get(encodeName(name));
    return model?.life === undefined ? undefined : model;
  }

  registeredModelSlot(name: string): RegisteredModel {
    return this.#addRegisteredModel(encodeName(name));
  }

  async #makeDefaultExperiment(): Promise<void> {
    await this.write((writing) => {
      const { id, name } = defaultExperiment;
      const journal = this.#addExperiment(id);
      journal.refresh();
      if (journal.state.exists) return;
      const artifactLocation = `mlflow-artifacts:/${id}`;
      writing.append(journal, { kind: "experiment-created", id, name, artifactLocation, tags: {} });
    });
  }

  #scan(): void {
    for (const id of foldersIn(this.layout.experiments)) {
      this.#addExperiment(id);
      for (const child of foldersIn(path.join(this.layout.experiments, id))) {
        if (child !== modelsFolder) this.#addRun(id, child);
        else
          for (const model of foldersIn(path.join(this.layout.experiments, id, child)))
            this.#addLoggedModel(id, model);
      }
    }
    for (const name of foldersIn(this.layout.models)) this.#addRegisteredModel(name);
  }

  #markChanged(folder: string): void {
    const [area = "", first = "", second, third] = folder.split(path.sep);
    if (area === "models") {
      this.#addRegisteredModel(first).journal.isStale = true;
    } else if (second === undefined) {
      this.#addExperiment(first).isStale = true;
    } else if (third === undefined) {
      this.#addRun(first, second).isStale = true;
    } else {
      this.#addLoggedModel(first, third).isStale = true;
    }
  }

  *#allJournals(): Generator<{ isStale: boolean }> {
    yield* this.#experiments.values();
    yield* this.#runs.values();
    yield* this.#loggedModels.values();
    for (const model of this.#registeredModels.values()) yield model.journal;
  }

  #addExperiment(id: string): ExperimentJournal {
    return getOrAdd(this.#experiments, id, () => {
      const folder = path.join(this.layout.experiments, id);
      return new Journaled(folder, experimentReplay, this.#journalOptions);
    });
  }

  #addRun(experimentId: string, runId: string): RunJournal {
    getOrAdd(this.#runsOf, experimentId, () => new Set()).add(runId);
    return getOrAdd(this.#runs, runId, () => {
      const folder = path.join(this.layout.experiments, experimentId, runId);
      return new Journaled(folder, runReplay, this.#journalOptions);
    });
  }

  #addLoggedModel(experimentId: string, modelId: string): LoggedModelJournal {
    return getOrAdd(this.#loggedModels, modelId, () => {
      const folder = path.join(this.layout.experiments, experimentId, modelsFolder, modelId);
      return new Journaled(folder, loggedModelReplay, this.#journalOptions);
    });
  }

  #addRegisteredModel(folderName: string): RegisteredModel {
    return getOrAdd(
      this.#registeredModels,
      folderName,
      () => new RegisteredModel(path.join(this.layout.models, folderName), this.#journalOptions),
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
