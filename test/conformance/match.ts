/** The field is not there. */
export const absent = Symbol("absent");
/** The field is there, whatever it holds. */
export const present = Symbol("present");
/** An object without fields. */
export const empty = Symbol("empty object");

export class AnyOrder {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** An array that holds exactly these, in any order. */
export function anyOrder(...items: readonly unknown[]): AnyOrder {
  return new AnyOrder(items);
}

/**
 * Where `got` is not what `expected` says, one line each. An object may hold more fields than expected, an array must have
 * the expected length; a RegExp is tried on a string; numbers and strings are never the same.
 */
export function mismatches(expected: unknown, got: unknown, place = "body"): string[] {
  if (expected === present) return got === undefined ? [`${place}: expected to be there`] : [];
  if (expected === absent) return got === undefined ? [] : [`${place}: expected absent, got ${show(got)}`];
  if (expected === empty) {
    return isRecord(got) && Object.keys(got).length === 0 ? [] : [`${place}: expected {}, got ${show(got)}`];
  }
  if (expected instanceof RegExp) {
    return typeof got === "string" && expected.test(got) ? [] : [differs(place, String(expected), got)];
  }
  if (expected instanceof AnyOrder) return inAnyOrder(expected.items, got, place);
  if (Array.isArray(expected)) return inOrder(expected, got, place);
  if (isRecord(expected)) {
    if (!isRecord(got)) return [differs(place, show(expected), got)];
    return Object.entries(expected).flatMap(([key, value]) => mismatches(value, got[key], `${place}.${key}`));
  }
  return Object.is(expected, got) ? [] : [differs(place, show(expected), got)];
}

function inOrder(expected: readonly unknown[], got: unknown, place: string): string[] {
  if (!Array.isArray(got) || got.length !== expected.length) return [differs(place, show(expected), got)];
  return expected.flatMap((value, index) => mismatches(value, got[index], `${place}[${index}]`));
}

function inAnyOrder(expected: readonly unknown[], got: unknown, place: string): string[] {
  if (!Array.isArray(got) || got.length !== expected.length) return [differs(place, show(expected), got)];
  const left: unknown[] = [...got];
  for (const item of expected) {
    const index = left.findIndex((candidate) => mismatches(item, candidate).length === 0);
    if (index < 0) return [`${place}: nothing matches ${show(item)} in ${show(got)}`];
    left.splice(index, 1);
  }
  return [];
}

function differs(place: string, expected: string, got: unknown): string {
  return `${place}: expected ${expected}, got ${show(got)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "symbol" || item instanceof RegExp) return String(item);
    return item;
  });
  return text === undefined ? "nothing" : shorten(text);
}

export function shorten(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
