import { isDeepStrictEqual } from "node:util";
import type { Severity } from "../contract/values.ts";

/** Something that has no counterpart in the other format, or a weaker one. */
export interface ExchangeNote {
  /** Where it stands: `expectations[3].kwargs.mostly`, `columns.age.checks`. */
  readonly path: string;
  /** A whole sentence without its full stop: what was not carried over, or how its meaning changed. */
  readonly reason: string;
}

/** Plain data of a file, as JSON or YAML gives it. */
export type Plain = Readonly<Record<string, unknown>>;

/** A rule on the way into a contract. */
export interface DraftRule {
  readonly value: unknown;
  /** Share 0..1. */
  readonly allow?: number | undefined;
  readonly severity?: Severity | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** SQL condition on the rows that are judged. */
  readonly when?: string | undefined;
}

/** What stands beside the value of a rule. */
export type DraftNotes = Omit<DraftRule, "value">;

/** A contract on the way in. Not checked yet: `checkedContract` in import-contract.ts does that. */
export interface ImportedDraft {
  readonly contract: Plain;
  readonly notes: readonly ExchangeNote[];
}

/** Collects what an importer finds. A rule that is there already with another value is refused, never overwritten. */
export class ContractDraft {
  readonly #table: Record<string, unknown> = {};
  readonly #rows: Record<string, unknown> = {};
  readonly #cards = new Map<string, Record<string, unknown>>();
  readonly #checks: Plain[] = [];
  readonly #unique: unknown[] = [];
  readonly #notes: ExchangeNote[] = [];

  note(path: string, reason: string): void {
    this.#notes.push({ path, reason });
  }

  /** The card of a column or, with `match`, of all columns that a pattern names. Made where there is none. */
  card(column: string, by: "name" | "match" = "name"): Record<string, unknown> {
    const known = this.#cards.get(`${by} ${column}`);
    if (known !== undefined) return known;
    const card: Record<string, unknown> = { [by]: column };
    this.#cards.set(`${by} ${column}`, card);
    return card;
  }

  /** The card of a column where there is one. */
  known(column: string): Plain | undefined {
    return this.#cards.get(`name ${column}`);
  }

  /** Puts a rule on the card of `column`; false where the card has another rule of that key already. */
  rule(column: string, key: string, rule: DraftRule): boolean {
    return addRule(this.card(column), key, rule);
  }

  /** A key of the contract itself, `extra_columns`; false as above. */
  table(key: string, value: unknown): boolean {
    if (key in this.#table) return isDeepStrictEqual(this.#table[key], value);
    this.#table[key] = value;
    return true;
  }

  rows(key: "min" | "max", rule: DraftRule): boolean {
    return addRule(this.#rows, key, rule);
  }

  unique(columns: readonly string[], rule: DraftNotes = {}): void {
    const more = annotations(rule);
    const set = Object.keys(more).length === 0 ? [...columns] : { columns: [...columns], ...more };
    if (!this.#unique.some((one) => isDeepStrictEqual(one, set))) this.#unique.push(set);
  }

  check(check: Plain): void {
    this.#checks.push(check);
  }

  /**
   * The contract. A card without a rule on missing values gets one that allows them: formats that say nothing about them
   * allow them, while the program's default (`--max-null-ratio`) would not.
   */
  result(): ImportedDraft {
    const columns = [...this.#cards.values()].map((card) =>
      "nulls" in card ? card : { ...card, nulls: "allow" },
    );
    const contract = {
      version: 1,
      ...(Object.keys(this.#rows).length === 0 ? {} : { rows: this.#rows }),
      ...this.#table,
      ...(this.#unique.length === 0 ? {} : { unique: this.#unique }),
      ...(columns.length === 0 ? {} : { columns }),
      ...(this.#checks.length === 0 ? {} : { checks: this.#checks }),
    };
    return { contract, notes: this.#notes };
  }
}

/** Writes `rule` under `key` in its short form where nothing is beside the value; false where another stands there. */
export function addRule(card: Record<string, unknown>, key: string, rule: DraftRule): boolean {
  const more = annotations(rule);
  // Every column of a card is required.
  if (key === "required" && rule.value === true && Object.keys(more).length === 0) return true;
  const written = Object.keys(more).length === 0 ? rule.value : { value: rule.value, ...more };
  if (key in card) return isDeepStrictEqual(card[key], written);
  card[key] = written;
  return true;
}

/** `nulls` of a card for a share of missing values that is allowed; it has a long form of its own. */
export function nullsRule(maxRatio: number, rule: DraftNotes = {}): unknown {
  const more = annotations({ ...rule, allow: undefined });
  if (maxRatio === 1) return "allow";
  return maxRatio === 0 && Object.keys(more).length === 0 ? "never" : { max_ratio: maxRatio, ...more };
}

function annotations({ allow, severity, name, description, when }: DraftNotes): Plain {
  const isText = (text: string | undefined) => text !== undefined && text.trim() !== "";
  return {
    ...(allow === undefined || allow === 0 ? {} : { allow }),
    ...(severity === undefined || severity === "fail" ? {} : { severity }),
    ...(isText(name) ? { name } : {}),
    ...(isText(description) ? { description } : {}),
    ...(isText(when) ? { when } : {}),
  };
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping under a key; empty where there is none. */
export function plainAt(value: Plain, key: string): Plain {
  const found = value[key];
  return isPlain(found) ? found : {};
}

/** The list under a key; empty where there is none. */
export function listAt(value: Plain, key: string): readonly unknown[] {
  const found = value[key];
  return Array.isArray(found) ? found : [];
}

export function textAt(value: Plain, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Plain, key: string): number | undefined {
  const found = value[key];
  return typeof found === "number" ? found : undefined;
}

/** The entry of a table for a word out of a file; undefined also for words such as `constructor`, which every object knows. */
export function entryFor<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** `1 - 0.95` is 0.050000000000000044 in binary: nobody wrote that. */
export function tidyShare(value: number): number {
  return Number(value.toFixed(12));
}

/** Text as a regular expression that finds just it. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
