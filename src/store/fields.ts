import { invalid } from "./refusal.ts";

const seeDocs = " See the API docs for more information about request parameters.";
const specialDoubles = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);
const maxInt64 = 2n ** 63n - 1n;

/**
 * The fields of a request, from a JSON body or a query string, read as protobuf reads them: an int64 may be a
 * numeric string, null is absent. Where MLflow silently drops a field that it cannot read, these answer 400.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(values: Readonly<Record<string, unknown>>, path = "") {
    this.#values = values;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  string(name: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined || typeof value === "string") return value;
    throw wrongType(this.#label(name), value);
  }

  requiredString(name: string): string {
    const value = this.string(name);
    if (value === undefined || value === "" || this.#values[name] === undefined)
      throw missingField(this.#label(name));
    return value;
  }

  /** `run_id`, or `run_uuid` as old clients call it. */
  runId(): string {
    const value = this.string("run_id") ?? this.string("run_uuid");
    if (value === undefined || value === "") throw missingField(this.#label("run_id"));
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    return toInteger(value, this.#label(name));
  }

  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw missingField(this.#label(name));
    return value;
  }

  /** NaN and infinities come as the strings `NaN`, `Infinity`, `-Infinity`. */
  requiredDouble(name: string): number {
    const value = this.#get(name);
    const label = this.#label(name);
    if (value === undefined || value === "") throw missingField(label);
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw invalid(
        `Invalid value for parameter '${label}' supplied: the number is too large for a double. ` +
          `Send the string "Infinity" for infinity.`,
      );
    }
    if (typeof value === "string") {
      const special = specialDoubles.get(value);
      if (special !== undefined) return special;
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
    }
    throw wrongType(label, value);
  }

  boolean(name: string): boolean {
    const value = this.#get(name);
    if (value === undefined) return false;
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw wrongType(this.#label(name), value);
  }

  strings(name: string): string[] {
    return this.#array(name).map((item, index) => {
      if (typeof item === "string") return item;
      throw wrongType(`${this.#label(name)}[${index}]`, item);
    });
  }

  messages(name: string): Fields[] {
    return this.#array(name).map((item, index) => {
      const label = `${this.#label(name)}[${index}]`;
      if (!isRecord(item)) throw wrongType(label, item);
      return new Fields(item, label);
    });
  }

  message(name: string): Fields {
    const value = this.#get(name);
    if (value === undefined) throw missingField(this.#label(name));
    if (!isRecord(value)) throw wrongType(this.#label(name), value);
    return new Fields(value, this.#label(name));
  }

  /** One of `names`, or its position counted from `base`; the real server ignores what it does not know. */
  choice<T extends string>(name: string, names: readonly T[], base: number): T | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    const byName = names.find((known) => known === value);
    if (byName !== undefined) return byName;
    const position = typeof value === "number" || /^\d+$/.test(String(value)) ? Number(value) - base : -1;
    const byPosition = names[position];
    if (byPosition !== undefined) return byPosition;
    throw invalid(
      `Invalid value ${JSON.stringify(value)} for parameter '${this.#label(name)}' supplied: ` +
        `it is none of ${names.join(", ")}.`,
    );
  }

  /** Keys and values of a list of `{key, value}`; a later one wins. */
  keyValues(name: string): { readonly key: string; readonly value: string }[] {
    return this.messages(name).map((entry) => ({
      key: entry.requiredKey(),
      value: entry.string("value") ?? "",
    }));
  }

  requiredKey(): string {
    const key = this.string("key");
    if (key === undefined || key === "") throw missingField(this.#label("key"));
    return key;
  }

  #array(name: string): readonly unknown[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    throw wrongType(this.#label(name), value);
  }

  #get(name: string): unknown {
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = this.#values[name] ?? undefined;
    const twin = camel === name ? undefined : (this.#values[camel] ?? undefined);
    if (value !== undefined && twin !== undefined) {
      throw invalid(`Request specifies both '${name}' and '${camel}'; provide only one of them.`);
    }
    return value ?? twin;
  }

  #label(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function missingField(label: string): Error {
  return invalid(`Missing value for required parameter '${label}'.${seeDocs}`);
}

function wrongType(label: string, value: unknown): Error {
  return invalid(
    `Invalid value ${JSON.stringify(value)} for parameter '${label}' supplied:  ` +
      `Hint: Value was of type '${pythonType(value)}'.${seeDocs}`,
  );
}

function toInteger(value: unknown, label: string): number {
  if (typeof value === "string" && /^[+-]?\d+$/.test(value)) {
    const exact = BigInt(value);
    if (exact > maxInt64 || exact < -maxInt64 - 1n) throw notInt64(label, value);
    return safe(Number(exact), label, value);
  }
  if (typeof value !== "number") throw wrongType(label, value);
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw notInt64(label, value);
  if (Number.isInteger(value)) return safe(value, label, value);
  throw invalid(
    `Invalid value ${value} for parameter '${label}' supplied: it must be a whole number (a 64-bit integer).`,
  );
}

function safe(value: number, label: string, sent: string | number): number {
  if (Number.isSafeInteger(value)) return value;
  throw invalid(
    `Invalid value ${sent} for parameter '${label}' supplied: the embedded store takes whole numbers up to ` +
      `${Number.MAX_SAFE_INTEGER}. Times are milliseconds.`,
  );
}

function notInt64(label: string, value: string | number): Error {
  return invalid(`Invalid value ${value} for parameter '${label}' supplied: it must be a 64-bit integer.`);
}

function pythonType(value: unknown): string {
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  return "dict";
}
