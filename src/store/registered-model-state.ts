import type { Replay } from "./journal.ts";
import type { KeyedValues } from "./run-state.ts";

/**
 * One life of a registered model, from a create to a delete. Every version and alias file names the life that it
 * belongs to, so that files of a deleted model stay dead, also when an older copy of the store brings them back.
 */
export interface ModelLife {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** What happened to a version after its file was written; keyed by the file's name. */
interface VersionChanges {
  description: string | undefined;
  stage: string | undefined;
  updatedAt: number;
  isDeleted: boolean;
  readonly tags: Map<string, string | undefined>;
}

export interface RegisteredModelState {
  readonly lives: Map<string, ModelLife>;
  readonly deadLives: Set<string>;
  updatedAt: number;
  description: string;
  readonly tags: Map<string, string>;
  readonly versions: Map<string, VersionChanges>;
}

export type RegisteredModelEvent =
  | {
      readonly kind: "registered";
      readonly life: string;
      readonly name: string;
      readonly description: string;
      readonly tags: KeyedValues;
      /** Only after a rename, where the model is older than its folder. */
      readonly createdAt?: number;
    }
  | { readonly kind: "registered-updated"; readonly description: string }
  | { readonly kind: "registered-deleted"; readonly lives: readonly string[] }
  | { readonly kind: "registered-tag-set"; readonly key: string; readonly value: string }
  | { readonly kind: "registered-tag-deleted"; readonly key: string }
  | { readonly kind: "registered-touched" }
  | { readonly kind: "version-updated"; readonly file: string; readonly description: string | null }
  | { readonly kind: "version-staged"; readonly files: readonly string[]; readonly stage: string }
  | { readonly kind: "version-deleted"; readonly file: string }
  | {
      readonly kind: "version-tag-set";
      readonly file: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly kind: "version-tag-deleted"; readonly file: string; readonly key: string };

export const registeredModelReplay: Replay<RegisteredModelState, RegisteredModelEvent> = {
  kinds: new Set([
    "registered",
    "registered-updated",
    "registered-deleted",
    "registered-tag-set",
    "registered-tag-deleted",
    "registered-touched",
    "version-updated",
    "version-staged",
    "version-deleted",
    "version-tag-set",
    "version-tag-deleted",
  ]),
  create: () => ({
    lives: new Map(),
    deadLives: new Set(),
    updatedAt: 0,
    description: "",
    tags: new Map(),
    versions: new Map(),
  }),
  apply(state, event) {
    switch (event.kind) {
      case "registered":
        applyRegistered(state, event, event.at);
        return;
      case "registered-updated":
        state.description = event.description;
        state.updatedAt = event.at;
        return;
      case "registered-deleted":
        for (const life of event.lives) {
          state.lives.delete(life);
          state.deadLives.add(life);
        }
        return;
      case "registered-tag-set":
        state.tags.set(event.key, event.value);
        return;
      case "registered-tag-deleted":
        state.tags.delete(event.key);
        return;
      case "registered-touched":
        state.updatedAt = event.at;
        return;
      default:
        applyToVersion(state, event, event.at);
    }
  },
};

function applyRegistered(
  state: RegisteredModelState,
  event: Extract<RegisteredModelEvent, { readonly kind: "registered" }>,
  at: number,
): void {
  if (state.lives.size === 0) {
    state.description = event.description;
    state.tags.clear();
  }
  for (const [key, value] of Object.entries(event.tags)) state.tags.set(key, value);
  // A delete that came before, on another branch, holds.
  if (!state.deadLives.has(event.life)) {
    state.lives.set(event.life, { id: event.life, name: event.name, createdAt: event.createdAt ?? at });
  }
  state.updatedAt = at;
}

type VersionEvent = Extract<RegisteredModelEvent, { readonly kind: `version-${string}` }>;

function applyToVersion(state: RegisteredModelState, event: VersionEvent, at: number): void {
  switch (event.kind) {
    case "version-staged":
      for (const file of event.files)
        Object.assign(changesOf(state, file), { stage: event.stage, updatedAt: at });
      state.updatedAt = at;
      return;
    case "version-updated":
      Object.assign(changesOf(state, event.file), {
        description: event.description ?? "",
        updatedAt: at,
      });
      return;
    case "version-deleted":
      changesOf(state, event.file).isDeleted = true;
      state.updatedAt = at;
      return;
    case "version-tag-set":
      changesOf(state, event.file).tags.set(event.key, event.value);
      return;
    case "version-tag-deleted":
      changesOf(state, event.file).tags.set(event.key, undefined);
      return;
  }
}

function changesOf(state: RegisteredModelState, file: string): VersionChanges {
  const known = state.versions.get(file);
  if (known !== undefined) return known;
  const changes: VersionChanges = {
    description: undefined,
    stage: undefined,
    updatedAt: 0,
    isDeleted: false,
    tags: new Map(),
  };
  state.versions.set(file, changes);
  return changes;
}
