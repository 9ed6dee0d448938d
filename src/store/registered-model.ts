import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";
import { Journaled, type JournalOptions } from "./journal.ts";
import { writeNewFile } from "./new-file.ts";
import {
  type ModelLife,
  type RegisteredModelEvent,
  type RegisteredModelState,
  registeredModelReplay,
} from "./registered-model-state.ts";
import type { KeyedValues } from "./run-state.ts";

/** What a version was created with: the content of its file, which never changes. */
export interface VersionRecord {
  readonly life: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly source: string;
  readonly storageLocation: string;
  /** Absent where the client sent none; `""` where it sent that. */
  readonly runId?: string;
  readonly runLink: string;
  readonly description: string;
  readonly modelId: string;
  /** Only where a renamed model brought it along. */
  readonly stage?: string;
  readonly tags: KeyedValues;
}

export interface Version extends Omit<VersionRecord, "tags" | "updatedAt" | "stage"> {
  readonly file: string;
  readonly updatedAt: number;
  readonly stage: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Two creations of one version number that say different things. */
export interface VersionConflict {
  readonly version: number;
  readonly creations: readonly Version[];
}

interface AliasMove {
  readonly life: string;
  readonly alias: string;
  /** null: the alias was deleted. */
  readonly version: number | null;
  readonly at: number;
}

/** A registered model: its journal, one file per version, and one per move of an alias. */
export class RegisteredModel {
  readonly folder: string;
  readonly journal: Journaled<RegisteredModelState, RegisteredModelEvent>;
  readonly #records = new Map<string, VersionRecord>();
  readonly #moves = new Map<string, AliasMove>();
  #warn: (line: string) => void;

  constructor(folder: string, options: JournalOptions) {
    this.folder = folder;
    this.journal = new Journaled(folder, registeredModelReplay, options);
    this.#warn = options.warn;
  }

  refresh(): void {
    this.journal.refresh();
    for (const [name, value] of readNewFiles(path.join(this.folder, "versions"), this.#records)) {
      if (isVersionRecord(value)) this.#records.set(name, value);
      else this.#warn(`${path.join(this.folder, "versions", name)} is damaged and was skipped`);
    }
    for (const [name, value] of readNewFiles(path.join(this.folder, "aliases"), this.#moves)) {
      if (isAliasMove(value)) this.#moves.set(name, value);
      else this.#warn(`${path.join(this.folder, "aliases", name)} is damaged and was skipped`);
    }
  }

  get state(): RegisteredModelState {
    if (this.journal.isStale) this.refresh();
    return this.journal.state;
  }

  /** The oldest life that is not over; undefined: the model does not exist (any more). */
  get life(): ModelLife | undefined {
    return [...this.state.lives.values()].sort((a, b) => a.createdAt - b.createdAt)[0];
  }

  /** The versions that can be read, by number; deleted ones and those in conflict are left out. */
  versions(): Version[] {
    return this.#grouped()
      .filter((group) => group.length === 1)
      .flat()
      .filter((version) => this.state.versions.get(version.file)?.isDeleted !== true);
  }

  /** The conflicts between creations that are still there: deleting all but one of them settles a conflict. */
  conflicts(): VersionConflict[] {
    return this.#grouped()
      .filter((group) => group.length > 1)
      .map((creations) => ({ version: creations[0]?.version ?? 0, creations }));
  }

  /** Beyond every number that was ever given, also to deleted versions. */
  nextVersion(): number {
    let highest = 0;
    for (const record of this.#live()) highest = Math.max(highest, record[1].version);
    return highest + 1;
  }

  /** Where each alias points; the newest move wins. */
  aliases(): Map<string, number> {
    const moves = [...this.#moves]
      .filter(([, move]) => this.state.lives.has(move.life))
      .sort(([leftName, left], [rightName, right]) => left.at - right.at || (leftName < rightName ? -1 : 1));
    const aliases = new Map<string, number>();
    for (const [, move] of moves) {
      if (move.version === null) aliases.delete(move.alias);
      else aliases.set(move.alias, move.version);
    }
    return aliases;
  }

  writeVersion(record: VersionRecord, random: string): void {
    const name = `${record.version}-${random}.json`;
    const folder = path.join(this.folder, "versions");
    mkdirSync(folder, { recursive: true });
    writeNewFile(path.join(folder, name), JSON.stringify(record));
    this.#records.set(name, record);
  }

  writeMove(move: Omit<AliasMove, "at">, at: number, random: string): void {
    // A clock that went back must not make the newest move an old one.
    const latest = Math.max(0, ...[...this.#moves.values()].map((known) => known.at + 1));
    const stamped = { ...move, at: Math.max(at, latest) };
    const folder = path.join(this.folder, "aliases");
    mkdirSync(folder, { recursive: true });
    const name = `${stamped.at}-${random}.json`;
    writeNewFile(path.join(folder, name), JSON.stringify(stamped));
    this.#moves.set(name, stamped);
  }

  #live(): [string, VersionRecord][] {
    const { lives } = this.state;
    return [...this.#records].filter(([, record]) => lives.has(record.life));
  }

  /** Creations by number, ascending; equal contents (a copied file) count once. */
  #grouped(): Version[][] {
    const groups = new Map<number, Map<string, Version>>();
    for (const [file, record] of this.#live().sort(([left], [right]) => (left < right ? -1 : 1))) {
      const group = groups.get(record.version) ?? new Map<string, Version>();
      groups.set(record.version, group);
      const identity = JSON.stringify({ ...record, life: "" });
      if (!group.has(identity)) group.set(identity, this.#withChanges(file, record));
    }
    return [...groups.entries()]
      .sort(([left], [right]) => left - right)
      .map(([, group]) => this.#settled([...group.values()]));
  }

  #settled(creations: Version[]): Version[] {
    if (creations.length === 1) return creations;
    const kept = creations.filter((one) => this.state.versions.get(one.file)?.isDeleted !== true);
    return kept.length === 0 ? creations.slice(0, 1) : kept;
  }

  #withChanges(file: string, record: VersionRecord): Version {
    const changes = this.state.versions.get(file);
    const tags = new Map(Object.entries(record.tags));
    for (const [key, value] of changes?.tags ?? []) {
      if (value === undefined) tags.delete(key);
      else tags.set(key, value);
    }
    return {
      ...record,
      file,
      tags,
      description: changes?.description ?? record.description,
      stage: changes?.stage ?? record.stage ?? "None",
      updatedAt: Math.max(changes?.updatedAt ?? 0, record.updatedAt ?? record.createdAt),
    };
  }
}

/** The JSON files of a folder that are not known yet; a broken one as undefined. */
function readNewFiles(folder: string, known: ReadonlyMap<string, unknown>): [string, unknown][] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith(".json") && !known.has(name))
    .map((name) => [name, parseJson(readFileSync(path.join(folder, name), "utf8"))]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller names the file.
    return undefined;
  }
}

function isVersionRecord(value: unknown): value is VersionRecord {
  if (typeof value !== "object" || value === null) return false;
  return (
    "life" in value &&
    typeof value.life === "string" &&
    "version" in value &&
    Number.isSafeInteger(value.version) &&
    "createdAt" in value &&
    typeof value.createdAt === "number" &&
    "source" in value &&
    typeof value.source === "string" &&
    "tags" in value &&
    typeof value.tags === "object" &&
    value.tags !== null
  );
}

function isAliasMove(value: unknown): value is AliasMove {
  if (typeof value !== "object" || value === null) return false;
  return (
    "life" in value &&
    typeof value.life === "string" &&
    "alias" in value &&
    typeof value.alias === "string" &&
    "version" in value &&
    (value.version === null || Number.isSafeInteger(value.version)) &&
    "at" in value &&
    typeof value.at === "number"
  );
}
