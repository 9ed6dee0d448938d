import { mkdirSync } from "node:fs";
import path from "node:path";
import type { ExperimentState, LifecycleStage } from "./experiment-state.ts";
import type { Journaled } from "./journal.ts";
import { defaultExperiment, encodeName, type Layout, layoutOf } from "./layout.ts";
import { StoreLock } from "./lock.ts";
import type { LoggedModelState } from "./logged-model-state.ts";
import { describeConflict } from "./model-versions-lookup.ts";
import type { RegisteredModel } from "./registered-model.ts";
import type { RunState } from "./run-state.ts";
import {
  type ExperimentJournal,
  type LoggedModelJournal,
  type RunJournal,
  StoreIndex,
} from "./store-index.ts";

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
  readonly #index: StoreIndex;

  private constructor(source: StoreSource) {
    this.#source = source;
    this.layout = layoutOf(source.directory);
    const warn = (line: string) => source.log("warn", line);
    this.#index = new StoreIndex(this.layout, { writer: source.randomHex(6), warn });
    mkdirSync(this.layout.root, { recursive: true });
    this.#lock = new StoreLock(`${source.directory}.lock.db`);
    this.#index.scan();
  }

  /** Opens the folder `source.directory`, which is made if missing, and says which versions are in conflict. */
  static async open(source: StoreSource): Promise<Store> {
    const store = new Store(source);
    if (store.experiment(defaultExperiment.id) === undefined) await store.#makeDefaultExperiment();
    for (const model of store.#index.registeredModels.values()) {
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
      this.#index.markEverythingChanged();
      return;
    }
    for (const folder of changes) this.#index.markChanged(folder);
  }

  experiments(): ExperimentState[] {
    return [...this.#index.experiments.values()]
      .map((journal) => journal.state)
      .filter((state) => state.exists);
  }

  experiment(id: string): ExperimentJournal | undefined {
    const journal = this.#index.experiments.get(id);
    return journal?.state.exists === true ? journal : undefined;
  }

  /** A journal for an experiment that is about to be created (or was, and turned out to be empty). */
  experimentSlot(id: string): ExperimentJournal {
    return this.#index.addExperiment(id);
  }

  run(runId: string): RunJournal | undefined {
    const journal = this.#index.runs.get(runId);
    return journal?.state.exists === true ? journal : undefined;
  }

  runSlot(experimentId: string, runId: string): RunJournal {
    return this.#index.addRun(experimentId, runId);
  }

  runsOf(experimentId: string): RunState[] {
    const runs: RunState[] = [];
    for (const runId of this.#index.runsOf.get(experimentId) ?? []) {
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
    const journal = this.#index.loggedModels.get(modelId);
    return journal?.state.exists === true ? journal : undefined;
  }

  loggedModelSlot(experimentId: string, modelId: string): LoggedModelJournal {
    return this.#index.addLoggedModel(experimentId, modelId);
  }

  loggedModels(): LoggedModelState[] {
    return [...this.#index.loggedModels.values()]
      .map((journal) => journal.state)
      .filter((state) => state.exists);
  }

  registeredModels(): RegisteredModel[] {
    return [...this.#index.registeredModels.values()].filter((model) => model.life !== undefined);
  }

  registeredModel(name: string): RegisteredModel | undefined {
    const model = this.#index.registeredModels.get(encodeName(name));
    return model?.life === undefined ? undefined : model;
  }

  registeredModelSlot(name: string): RegisteredModel {
    return this.#index.addRegisteredModel(encodeName(name));
  }

  async #makeDefaultExperiment(): Promise<void> {
    await this.write((writing) => {
      const { id, name } = defaultExperiment;
      const journal = this.#index.addExperiment(id);
      journal.refresh();
      if (journal.state.exists) return;
      const artifactLocation = `mlflow-artifacts:/${id}`;
      writing.append(journal, { kind: "experiment-created", id, name, artifactLocation, tags: {} });
    });
  }
}
