/**
 * The small language of `$PARAMETER`: names, numbers, + - * / ^, brackets, `now()`, `datetime(...)`, `timedelta(...)` and
 * a few functions on numbers. Times have no zone and are counted in microseconds, as Python's are.
 */
export type ParameterValue =
  | number
  | { readonly instantMicros: number }
  | { readonly durationMicros: number };

/** What stands in the brackets of a call. */
export interface Call {
  readonly positional: readonly ParameterValue[];
  readonly named: ReadonlyMap<string, ParameterValue>;
}

const functions: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  trunc: Math.trunc,
  round: halfToEven,
  exp: Math.exp,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sgn: Math.sign,
};

/** As Python rounds. */
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Throws an Error for a function that is not known, or not with these arguments. */
export function call(name: string, { positional, named }: Call, now: Date): ParameterValue {
  if (name === "now" && positional.length + named.size === 0) return { instantMicros: now.getTime() * 1000 };
  if (name === "timedelta") return { durationMicros: duration({ positional, named }) };
  if (name === "datetime") return { instantMicros: instant({ positional, named }) };
  const mapped = functions[name];
  const [only] = positional;
  if (mapped !== undefined && only !== undefined && positional.length === 1 && named.size === 0)
    return mapped(numberOf(only));
  const known = [
    "now()",
    "datetime(...)",
    "timedelta(...)",
    ...Object.keys(functions).map((one) => `${one}(x)`),
  ];
  throw new Error(`${name}(...) with these arguments is not known; known are ${known.join(", ")}`);
}

const second = 1_000_000;
/** In the order of Python's positional arguments. */
const unitMicros = {
  days: 86_400 * second,
  seconds: second,
  microseconds: 1,
  milliseconds: 1000,
  minutes: 60 * second,
  hours: 3600 * second,
  weeks: 7 * 86_400 * second,
};

function duration(written: Call): number {
  const given = argumentsOf(written, Object.keys(unitMicros), "timedelta");
  return Object.entries(unitMicros).reduce((sum, [unit, micros]) => sum + (given.get(unit) ?? 0) * micros, 0);
}

function instant(written: Call): number {
  const units = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
  const given = argumentsOf(written, units, "datetime");
  const [year, month, day] = ["year", "month", "day"].map((unit) => given.get(unit));
  if (year === undefined || month === undefined || day === undefined)
    throw new Error("datetime(...) needs year, month and day");
  const clock = ["hour", "minute", "second"].map((unit) => given.get(unit) ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(clock[0] ?? 0, clock[1] ?? 0, clock[2] ?? 0);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    throw new Error(`there is no day ${year}-${month}-${day}`);
  return date.getTime() * 1000 + (given.get("microsecond") ?? 0);
}

function argumentsOf(written: Call, units: readonly string[], name: string): Map<string, number> {
  if (written.positional.length > units.length) throw new Error(`${name}(...) has too many arguments`);
  const given = new Map(written.positional.map((value, index) => [units[index] ?? "", numberOf(value)]));
  for (const [unit, value] of written.named) {
    if (!units.includes(unit)) throw new Error(`${name}(...) knows no ${unit}; it knows ${units.join(", ")}`);
    given.set(unit, numberOf(value));
  }
  return given;
}

export function numberOf(value: ParameterValue): number {
  if (typeof value === "number") return value;
  throw new Error("a time stands where a number should");
}

export function negate(value: ParameterValue): ParameterValue {
  if (typeof value === "number") return -value;
  if ("durationMicros" in value) return { durationMicros: -value.durationMicros };
  throw new Error("a point in time has no negative");
}

export function subtract(left: ParameterValue, right: ParameterValue): ParameterValue {
  if (typeof left === "number" || typeof right === "number" || "durationMicros" in right)
    return add(left, negate(right));
  if ("instantMicros" in left) return { durationMicros: left.instantMicros - right.instantMicros };
  throw new Error("a point in time cannot be taken from a timedelta");
}

export function add(left: ParameterValue, right: ParameterValue): ParameterValue {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "object" && typeof right === "object") {
    if ("durationMicros" in left && "durationMicros" in right)
      return { durationMicros: left.durationMicros + right.durationMicros };
    if ("instantMicros" in left && "durationMicros" in right)
      return { instantMicros: left.instantMicros + right.durationMicros };
    if ("durationMicros" in left && "instantMicros" in right)
      return { instantMicros: left.durationMicros + right.instantMicros };
  }
  throw new Error("these values cannot be added: a time goes with a timedelta, a number with a number");
}

export function multiply(left: ParameterValue, right: ParameterValue): ParameterValue {
  if (typeof left === "object" && "durationMicros" in left)
    return { durationMicros: left.durationMicros * numberOf(right) };
  if (typeof right === "object" && "durationMicros" in right)
    return { durationMicros: numberOf(left) * right.durationMicros };
  return numberOf(left) * numberOf(right);
}

export function divide(left: ParameterValue, right: ParameterValue): ParameterValue {
  const divisor = numberOf(right);
  if (divisor === 0) throw new Error("it divides by 0");
  if (typeof left === "object" && "durationMicros" in left)
    return { durationMicros: left.durationMicros / divisor };
  return numberOf(left) / divisor;
}
