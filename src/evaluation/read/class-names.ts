import { shownName } from "../shown-name.ts";

/** What is the same for two spellings of one class: `1`, `1.0`, `True` and `true`. */
export function canonicalClass(name: string): string {
  const text = name.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? "1" : "0";
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? String(number) : name;
}

/** Whether all are spellings of 0 and 1. */
export function areEncoded(names: readonly string[]): boolean {
  return names.every((name) => ["0", "1"].includes(canonicalClass(name)));
}

/** `0,5`: half of Europe writes numbers so, and so do its spreadsheets. */
export function hasDecimalComma(name: string): boolean {
  return /^\s*[-+]?\d*,\d+\s*$/.test(name);
}

/** Whether more than half are numbers or truth values, in whatever way of writing: those with a comma are no classes either. */
export function areMostlyNumeric(names: readonly string[]): boolean {
  const numeric = names.filter((name) => isNumber(name) || hasDecimalComma(name));
  return numeric.length * 2 > names.length;
}

/**
 * Whether labels and predictions have no class in common because one side is numbers and the other names: codes of an encoder, as a rule.
 * scikit-learn refuses them too.
 */
export function areOtherKind(labels: readonly string[], predictions: readonly string[]): boolean {
  const known = new Set(labels.map(canonicalClass));
  if (labels.length === 0 || predictions.some((name) => known.has(canonicalClass(name)))) return false;
  return areNumbers(labels) ? predictions.some((name) => !isNumber(name)) : areNumbers(predictions);
}

function areNumbers(names: readonly string[]): boolean {
  return names.length > 0 && names.every(isNumber);
}

function isNumber(name: string): boolean {
  return name.trim() !== "" && !Number.isNaN(Number(canonicalClass(name)));
}

/** The names that mean `name`: itself where it is there, else what is the same number or truth value. */
export function spellingsOf(name: string, names: readonly string[]): ReadonlySet<string> {
  if (names.includes(name)) return new Set([name]);
  const meant = canonicalClass(name);
  return new Set(names.filter((one) => canonicalClass(one) === meant));
}

/** One name for each class, numbers by size before texts by UTF-16 code units. */
export function classList(names: readonly string[]): string[] {
  const byMeaning = new Map(names.map((name) => [canonicalClass(name), name]));
  return [...byMeaning.keys()].sort(byClass);
}

function byClass(one: string, other: string): number {
  const [a, b] = [Number(one), Number(other)];
  const numeric = [a, b].map((value) => !Number.isNaN(value));
  if (numeric[0] === true && numeric[1] === true) return a - b;
  if (numeric[0] !== numeric[1]) return numeric[0] === true ? -1 : 1;
  return one < other ? -1 : 1;
}

const mostShown = 10;

export function shownClasses(names: readonly string[]): string {
  return `${names.slice(0, mostShown).map(shownName).join(", ")}${names.length > mostShown ? ", …" : ""}`;
}
