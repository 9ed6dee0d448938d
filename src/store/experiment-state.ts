import type { Replay } from "./journal.ts";

export type LifecycleStage = "active" | "deleted";

export interface ExperimentState {
  exists: boolean;
  id: string;
  name: string;
  artifactLocation: string;
  lifecycle: LifecycleStage;
  /** Position in time of the last delete or restore, which holds for all runs of then; -1: never. */
  lifecycleAt: number;
  createdAt: number;
  updatedAt: number;
  readonly tags: Map<string, string>;
}

export type ExperimentEvent =
  | {
      readonly kind: "experiment-created";
      readonly id: string;
      readonly name: string;
      readonly artifactLocation: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: "experiment-renamed"; readonly name: string }
  | { readonly kind: "experiment-deleted" }
  | { readonly kind: "experiment-restored" }
  | { readonly kind: "experiment-tag-set"; readonly key: string; readonly value: string }
  | { readonly kind: "experiment-tag-deleted"; readonly key: string };

export const experimentReplay: Replay<ExperimentState, ExperimentEvent> = {
  kinds: new Set([
    "experiment-created",
    "experiment-renamed",
    "experiment-deleted",
    "experiment-restored",
    "experiment-tag-set",
    "experiment-tag-deleted",
  ]),
  create: () => ({
    exists: false,
    id: "",
    name: "",
    artifactLocation: "",
    lifecycle: "active",
    lifecycleAt: -1,
    createdAt: 0,
    updatedAt: 0,
    tags: new Map(),
  }),
  apply(state, event) {
    switch (event.kind) {
      case "experiment-created":
        for (const [key, value] of Object.entries(event.tags)) state.tags.set(key, value);
        // Two parallel jobs may both have created it: the first one counts, the tags of both are kept.
        if (state.exists) return;
        state.exists = true;
        state.id = event.id;
        state.name = event.name;
        state.artifactLocation = event.artifactLocation;
        state.createdAt = event.at;
        break;
      case "experiment-renamed":
        state.name = event.name;
        break;
      case "experiment-deleted":
        state.lifecycle = "deleted";
        state.lifecycleAt = event.at;
        break;
      case "experiment-restored":
        state.lifecycle = "active";
        state.lifecycleAt = event.at;
        break;
      case "experiment-tag-set":
        state.tags.set(event.key, event.value);
        return;
      case "experiment-tag-deleted":
        state.tags.delete(event.key);
        return;
    }
    state.updatedAt = event.at;
  },
};
