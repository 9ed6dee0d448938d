import type { Kind, RandomColumn } from "./random-table.ts";

/** What a rule must say of a column, worked out in plain JavaScript. */
interface Expected {
  readonly verdict: "pass" | "fail";
  readonly failingRows: number;
}

/** By the name that the report gives the check. */
export type ExpectedChecks = ReadonlyMap<string, Expected>;

/** The share of nulls that a column without a rule of its own may have. */
const defaultShare = 0.05;

export function expectedChecks(columns: readonly RandomColumn[]): ExpectedChecks {
  const rows = columns[0]?.values.length ?? 0;
  const checks = new Map<string, Expected>();
  const say = (name: string, failingRows: number, isGood = failingRows === 0) =>
    checks.set(name, { verdict: isGood ? "pass" : "fail", failingRows });
  for (const { name, kind, values, rules } of columns) {
    const present = values.filter((value): value is string => value !== null && value !== "NaN");
    const share = rules.nulls === "never" ? 0 : (rules.nulls?.max_ratio ?? defaultShare);
    const missing = rows - present.length;
    // Where all may be missing there is nothing to judge.
    if (share < 1) say(`nulls(${name})`, missing, rows === 0 || missing / rows <= share);
    if (kind === "double") say(`infinite(${name})`, present.filter((value) => value.endsWith("inf")).length);
    for (const key of ["min", "max"] as const) {
      const bound = rules[key];
      if (bound === undefined) continue;
      const sign = key === "min" ? 1 : -1;
      say(`${key}(${name})`, present.filter((value) => sign * compared(value, bound, kind) < 0).length);
    }
    const listed = new Set(rules.values?.map(String));
    if (rules.values !== undefined)
      say(`values(${name})`, present.filter((value) => !listed.has(value)).length);
    if (rules.unique === true) say(`unique(${name})`, rowsInDuplicates(present, kind));
  }
  return checks;
}

function rowsInDuplicates(values: readonly string[], kind: Kind): number {
  const counts = new Map<string, number>();
  for (const value of values) {
    const key = identity(value, kind);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 1).reduce((sum, count) => sum + count, 0);
}

function identity(value: string, kind: Kind): string {
  if (kind === "timestamp") return String(microseconds(value));
  return kind === "double" ? String(Number(value.replace("inf", "Infinity"))) : value;
}

/** Negative where the value is less than the bound. Exact: no number is rounded on the way. */
function compared(value: string, bound: number | string, kind: Kind): number {
  switch (kind) {
    case "integer":
    case "decimal":
      return sign(scaled(value) - scaled(plain(Number(bound))));
    case "double":
      return Number(value.replace("inf", "Infinity")) - Number(bound);
    case "date":
    case "timestamp":
      return sign(microseconds(value) - microseconds(String(bound)));
    default:
      throw new Error(`${kind} has no order here`);
  }
}

/** A number of at most four decimals as decimal text, never with an exponent. */
function plain(number: number): string {
  return Number.isInteger(number) ? String(BigInt(number)) : number.toFixed(4);
}

const sign = (difference: bigint) => (difference < 0n ? -1 : Number(difference > 0n));

/** Ten thousandths. */
function scaled(text: string): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const amount = BigInt(`${whole}${fraction.padEnd(4, "0")}`);
  return text.startsWith("-") ? -amount : amount;
}

/** Since 1970, in UTC where the text names no zone. `Date` has only milliseconds. */
function microseconds(text: string): bigint {
  const [, day = "", clock = "00:00:00", fraction = "", zone = "Z"] =
    /^(\S{10})(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  return BigInt(Date.parse(`${day}T${clock}${zone}`)) * 1000n + BigInt(fraction.padEnd(6, "0"));
}
