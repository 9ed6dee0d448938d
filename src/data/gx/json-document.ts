import { MlopsError } from "../../errors.ts";

export type JsonPath = readonly (string | number)[];

/** JSON as read, and where each part of it stands. */
export interface JsonDocument {
  readonly value: unknown;
  /** `suite.json:12` for the value at `path`; for the nearest part above it where there is none. */
  readonly locate: (path: JsonPath) => string;
}

const deepest = 200;
const specialNumbers = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/**
 * Reads JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers, of a key that stands twice the last counts.
 * `shown` is the file's name in messages. Throws `usage` with line and column for anything else.
 */
export function parseJsonDocument(text: string, shown: string): JsonDocument {
  const reader = new JsonReader(text, shown);
  const value = reader.document();
  const lineOf = lineFinder(text);
  return {
    value,
    locate: (path) => {
      for (let length = path.length; length >= 0; length -= 1) {
        const offset = reader.offsets.get(JSON.stringify(path.slice(0, length)));
        if (offset !== undefined) return `${shown}:${lineOf(offset)}`;
      }
      return `${shown}:1`;
    },
  };
}

/** The line of an offset, from 1; lines are found once, when the first one is asked for. */
function lineFinder(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [...text.matchAll(/\n/g)].map((match) => match.index + 1);
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

class JsonReader {
  /** Of each value, by its path as JSON. */
  readonly offsets = new Map<string, number>();
  readonly #text: string;
  readonly #shown: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, shown: string) {
    this.#text = text;
    this.#shown = shown;
    if (text.startsWith("\uFEFF")) this.#at = 1;
  }

  document(): unknown {
    const value = this.#value();
    this.#blanks();
    if (this.#at < this.#text.length) this.#fail("text behind the end of the document");
    return value;
  }

  #value(): unknown {
    this.#blanks();
    this.offsets.set(JSON.stringify(this.#path), this.#at);
    if (this.#path.length > deepest) this.#fail(`values more than ${deepest} deep`);
    const first = this.#text[this.#at];
    if (first === "{") return this.#object();
    if (first === "[") return this.#array();
    if (first === '"') return this.#string();
    return this.#word();
  }

  #object(): Record<string, unknown> {
    // No prototype: a key `__proto__` is a key.
    const object: Record<string, unknown> = Object.create(null);
    this.#list("}", () => {
      this.#blanks();
      if (this.#text[this.#at] !== '"') this.#fail("expected a key in double quotes");
      const key = this.#string();
      this.#blanks();
      if (this.#text[this.#at] !== ":") this.#fail("expected a colon");
      this.#at += 1;
      this.#path.push(key);
      object[key] = this.#value();
      this.#path.pop();
    });
    return { ...object };
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#list("]", () => {
      this.#path.push(array.length);
      array.push(this.#value());
      this.#path.pop();
    });
    return array;
  }

  #list(end: "}" | "]", readOne: () => void): void {
    this.#at += 1;
    this.#blanks();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      readOne();
      this.#blanks();
      const next = this.#text[this.#at];
      if (next !== "," && next !== end) this.#fail(`expected a comma or ${end}`);
      this.#at += 1;
      if (next === end) return;
    }
  }

  #string(): string {
    const form = /"(?:[^"\\]|\\.)*"/sy;
    form.lastIndex = this.#at;
    const found = form.exec(this.#text);
    if (found === null) this.#fail("a text without its closing quote");
    return String(this.#parsed(found[0]));
  }

  #word(): unknown {
    const form = /[^\s,:{}[\]"]+/y;
    form.lastIndex = this.#at;
    const word = form.exec(this.#text)?.[0];
    if (word === undefined)
      this.#fail(this.#at < this.#text.length ? "expected a value" : "the document ends too early");
    const special = specialNumbers.get(word);
    if (special === undefined) return this.#parsed(word);
    this.#at += word.length;
    return special;
  }

  #parsed(token: string): unknown {
    try {
      const value: unknown = JSON.parse(token);
      this.#at += token.length;
      return value;
    } catch {
      // What JSON.parse would say counts from the start of the token, not of the file.
      return this.#fail(`${JSON.stringify(token.slice(0, 40))} is no JSON value`);
    }
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #fail(what: string): never {
    const line = lineAt(this.#text, this.#at);
    const column = this.#at - this.#text.lastIndexOf("\n", this.#at - 1);
    throw new MlopsError({
      kind: "usage",
      code: "SUITE_INVALID_JSON",
      message: `${this.#shown}:${line}:${column}: ${what}.`,
      hint: "Mend the JSON at that place; Great Expectations writes suites as JSON.",
    });
  }
}
