import type { Severity } from "../contract/values.ts";
import { isPlain, listAt, type Plain, plainAt, textAt } from "./draft.ts";

/** A rule of a contract in one form, whichever it was written in. */
export interface ReadRule {
  /** Its place in the contract: `columns.age.max`. */
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
  /** Share 0..1 of the rows that may break it. */
  readonly allow: number;
  readonly severity: Severity;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly when: string | undefined;
}

export interface ReadCard {
  /** The column, or the pattern of names. */
  readonly column: string;
  readonly isPattern: boolean;
  readonly path: string;
  readonly description: string | undefined;
  readonly rules: readonly ReadRule[];
}

export interface Range {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** What may stand beside a value. */
const noteKeys = ["allow", "severity", "name", "description", "when"];
const cardKeys = ["name", "match", "description", "when"];

/** The cards of a contract, written or parsed. What `defaults` says stands on every card that says nothing else. */
export function readCards(contract: Plain): ReadCard[] {
  const defaults = plainAt(contract, "defaults");
  return listAt(contract, "columns")
    .filter(isPlain)
    .map((card): ReadCard => {
      const column = textAt(card, "name") ?? textAt(card, "match") ?? "";
      const path = `columns.${column}`;
      const inherited = Object.entries(defaults).filter(([key]) => key !== "severity" && !(key in card));
      const own = Object.entries(card).filter(([key]) => !cardKeys.includes(key));
      const around = { severity: textAt(defaults, "severity"), when: textAt(card, "when") };
      const isPattern = textAt(card, "name") === undefined;
      const rules = [...own, ...inherited]
        .filter(([, written]) => written !== undefined)
        .map(([key, written]) => readRule(written, { key, path, around }));
      return { column, isPattern, path, description: textAt(card, "description"), rules };
    });
}

interface Around {
  readonly severity: string | undefined;
  readonly when: string | undefined;
}

/** A rule that is not on a card: `rows.min`, a unique set, a check. */
export function readRule(
  written: unknown,
  { key, path, around }: { readonly key: string; readonly path: string; readonly around?: Around },
): ReadRule {
  const long = isPlain(written) ? written : {};
  const when = [around?.when, textAt(long, "when")].filter((text) => text !== undefined);
  return {
    ...{ path: path === "" ? key : `${path}.${key}`, key, value: valueIn(written, key) },
    allow: shareOf(long["allow"]) ?? 0,
    severity: severityOf(long["severity"] ?? around?.severity),
    name: textAt(long, "name"),
    description: textAt(long, "description"),
    when: when.length > 1 ? when.map((text) => `(${text})`).join(" AND ") : when[0],
  };
}

function valueIn(written: unknown, key: string): unknown {
  if (key === "nulls") return nullsIn(written);
  if (!isPlain(written)) return written;
  if ("value" in written) return written["value"];
  return Object.fromEntries(Object.entries(written).filter(([name]) => !noteKeys.includes(name)));
}

/** The share of missing values that is allowed: `never` is 0, `allow` is 1. */
function nullsIn(written: unknown): number {
  const inner = isPlain(written) ? (written["max_ratio"] ?? written["value"]) : written;
  if (inner === "never") return 0;
  return inner === "allow" ? 1 : (shareOf(inner) ?? 1);
}

/** A share as a number or as `5%`. */
function shareOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  return value.trim().endsWith("%") ? Number.parseFloat(value) / 100 : Number.parseFloat(value);
}

function severityOf(value: unknown): Severity {
  return value === "warn" || value === "info" ? value : "fail";
}

/** The ends of `length` and of the rules on figures: a number alone is both. */
export function rangeOf(value: unknown): Range {
  if (typeof value === "number") return { min: value, max: value };
  const ends = isPlain(value) ? value : {};
  const end = (key: string) => (typeof ends[key] === "number" ? ends[key] : undefined);
  return { min: end("min"), max: end("max") };
}

/** Whether a rule is nothing but its value: without tolerance, condition, name, and as severe as can be. */
export function isBare({ allow, severity, name, description, when }: ReadRule): boolean {
  return allow === 0 && severity === "fail" && [name, description, when].every((text) => text === undefined);
}

/** `rows`, written or parsed. */
export function readRows(contract: Plain): ReadRule[] {
  return Object.entries(plainAt(contract, "rows"))
    .filter(([, written]) => written !== undefined)
    .map(([key, written]) => readRule(written, { key, path: "rows" }));
}

/** The unique sets; the value of each is the list of its columns. */
export function readUniqueSets(contract: Plain): ReadRule[] {
  return listAt(contract, "unique").map((written, index) => {
    const rule = readRule(written, { key: `[${index}]`, path: "unique" });
    const columns = isPlain(written) ? (written["columns"] ?? written["value"]) : written;
    return { ...rule, value: typeof columns === "string" ? [columns] : columns };
  });
}

/** Keys of a contract that an exporter does not read; `more` are those that it reads beside the usual ones. */
export function otherKeys(contract: Plain, ...more: readonly string[]): string[] {
  const read = [
    ...more,
    "version",
    "columns",
    "rows",
    "unique",
    "extra_columns",
    "freshness",
    "checks",
    "defaults",
  ];
  return Object.keys(contract).filter((key) => !read.includes(key) && contract[key] !== undefined);
}
