import { MlopsError, messageOf } from "../../errors.ts";
import type { JsonPath } from "./json-document.ts";
import { timeOf } from "./kwargs.ts";
import { evaluateExpression } from "./parameter-expression.ts";
import type { ParameterValue } from "./parameter-value.ts";

/** Values for `$PARAMETER`, by name. */
export type ParameterValues = ReadonlyMap<string, unknown>;

/**
 * Reads `--param name=value`: numbers, true, false, lists and objects as JSON, everything else is text.
 * Throws `usage` for an argument without `=`, and for a name that is given twice.
 */
export function parseParameters(written: readonly string[]): ParameterValues {
  const values = new Map<string, unknown>();
  for (const text of written) {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals).trim();
    if (equals < 1 || name === "")
      throw invalid(`--param ${JSON.stringify(text)} is not name=value`, "Write --param max_rows=1000.");
    if (values.has(name))
      throw invalid(`--param ${name} is given more than once`, "Keep one value for each name.");
    values.set(name, parsedValue(text.slice(equals + 1)));
  }
  return values;
}

function invalid(message: string, hint: string): MlopsError {
  return new MlopsError({ kind: "usage", code: "PARAMETER_INVALID", message: `${message}.`, hint });
}

function parsedValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

export interface ParameterContext {
  readonly values: ParameterValues;
  readonly now: Date;
  /** Names that were asked for are added to it. */
  readonly used: Set<string>;
  /** Called for what cannot be filled in, with its place in the value. */
  readonly refuse: (path: JsonPath, message: string) => void;
}

/** The value with every `{"$PARAMETER": ...}` in it replaced, however deep. What is refused stays undefined. */
export function fillParameters(written: unknown, context: ParameterContext, path: JsonPath = []): unknown {
  if (Array.isArray(written))
    return written.map((item: unknown, index) => fillParameters(item, context, [...path, index]));
  if (typeof written !== "object" || written === null) return written;
  const entries = Object.entries(written);
  const asked = entries.find(([key]) => key === "$PARAMETER");
  if (asked !== undefined) return parameterOf(asked[1], entries, { context, path });
  return Object.fromEntries(
    entries.map(([key, value]) => [key, fillParameters(value, context, [...path, key])]),
  );
}

function parameterOf(
  text: unknown,
  entries: readonly (readonly [string, unknown])[],
  { context, path }: { readonly context: ParameterContext; readonly path: JsonPath },
): unknown {
  if (typeof text !== "string" || text.trim() === "") {
    context.refuse(path, `$PARAMETER is ${JSON.stringify(text)}, expected a name or an expression`);
    return undefined;
  }
  const foreign = entries.find(([key]) => key !== "$PARAMETER" && key !== `$PARAMETER.${text}`);
  if (foreign !== undefined) {
    context.refuse(path, `${JSON.stringify(foreign[0])} cannot stand beside $PARAMETER`);
    return undefined;
  }
  context.used.add(text);
  if (context.values.has(text)) return context.values.get(text);
  const stored = entries.find(([key]) => key === `$PARAMETER.${text}`);
  if (stored !== undefined) return stored[1];
  return evaluated(text, { context, path });
}

function evaluated(
  text: string,
  { context, path }: { readonly context: ParameterContext; readonly path: JsonPath },
): unknown {
  const operand = (name: string) => {
    context.used.add(name);
    return context.values.has(name) ? operandOf(name, context.values.get(name)) : undefined;
  };
  try {
    return writtenForm(evaluateExpression(text, { valueOf: operand, now: context.now }));
  } catch (error) {
    const about = /^[A-Za-z_][\w.$-]*$/.test(text)
      ? `the parameter ${JSON.stringify(text)} has no value; give it by --param ${text}=VALUE`
      : `$PARAMETER ${JSON.stringify(text)}: ${messageOf(error)}`;
    context.refuse(path, about);
    return undefined;
  }
}

/** What a value is where it stands in an expression: a number, or a time. */
function operandOf(name: string, value: unknown): ParameterValue {
  if (typeof value === "number") return value;
  const text = typeof value === "string" ? value.trim() : "";
  if (text !== "" && !Number.isNaN(Number(text))) return Number(text);
  const time = timeOf(text);
  if (time === undefined)
    throw new Error(
      `the parameter ${JSON.stringify(name)} is neither a number nor a date, to calculate with`,
    );
  const iso = "date" in time ? `${time.date}T00:00:00Z` : time.timestamp;
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(iso);
  return { instantMicros: Date.parse(hasZone ? iso : `${iso}Z`) * 1000 };
}

/** As it would stand in the file: a number, or a timestamp without a zone. */
function writtenForm(value: ParameterValue): number | string {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new Error("the result is not a finite number");
  }
  if ("durationMicros" in value) throw new Error("the result is a timedelta, expected a number or a time");
  const micros = Math.round(value.instantMicros);
  const date = new Date(Math.floor(micros / 1000));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999)
    throw new Error("the result is no date that a timestamp can hold");
  const fraction = String(micros - Math.floor(micros / 1_000_000) * 1_000_000).padStart(6, "0");
  return `${date.toISOString().slice(0, 19)}${fraction === "000000" ? "" : `.${fraction}`}`;
}
