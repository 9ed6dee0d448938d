/** A JSON text as read, or what is wrong with it in words, with the line. */
export type ParsedJson =
  | { readonly value: unknown; readonly nonNumbers: number }
  | { readonly problem: string };

/** A text, a bracket, a separator, or one of the words that Python writes for numbers that JSON cannot hold. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|-?Infinity\b|\bNaN\b/gs;

/**
 * Reads JSON as strictly as a verdict needs it: a truncated text, a second value, or a key that stands twice in one object is a
 * problem and not a guess. A byte-order mark is fine. `NaN` and `Infinity`, which Python's `json.dumps` writes although JSON has
 * no such thing, become null and are counted in `nonNumbers`.
 */
export function parseStrictJson(text: string): ParsedJson {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (plain.trim() === "") return { problem: "the file is empty" };
  let nonNumbers = 0;
  const cleaned = plain.replace(tokens, (token) => {
    if (!/^-?[NI]/.test(token)) return token;
    nonNumbers += 1;
    return "null";
  });
  let value: unknown;
  try {
    value = JSON.parse(cleaned);
  } catch (error) {
    return { problem: describeSyntaxError(cleaned, error) };
  }
  const duplicate = findDuplicateKey(cleaned);
  if (duplicate !== undefined) return { problem: duplicate };
  return { value, nonNumbers };
}

function describeSyntaxError(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const end = text.trimEnd().length;
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? positionOfToken(text, message) ?? end);
  if (position >= end) return `line ${lineAt(text, end)}: the JSON ends too early (is the file complete?)`;
  const reason = message
    .replace(/\s+/g, " ")
    .replace(/(, [".].* is not valid JSON| in JSON at .*| at position .*)$/, "");
  return `line ${lineAt(text, position)}: not valid JSON (${reason})`;
}

/** V8 shows what is around an unexpected token, ten characters to either side, but not where that is. */
function positionOfToken(text: string, message: string): number | undefined {
  const [, token = "", before, around = ""] =
    /^Unexpected token '(.+?)', (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/su.exec(message) ?? [];
  const start = around === "" ? -1 : text.indexOf(around);
  if (start < 0) return undefined;
  return before === undefined ? start + Math.max(0, around.indexOf(token)) : start + 10;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

interface OpenValue {
  /** Undefined for a list. */
  readonly keys: Set<string> | undefined;
  isKeyNext: boolean;
  readonly name: string;
}

/** The text is valid JSON already: only keys are looked at. */
function findDuplicateKey(text: string): string | undefined {
  const open: OpenValue[] = [];
  let lastKey = "";
  for (const match of text.matchAll(tokens)) {
    const token = match[0];
    const inner = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ keys: token === "{" ? new Set() : undefined, isKeyNext: token === "{", name: lastKey });
    } else if (token === "}" || token === "]") open.pop();
    else if (token === "," && inner !== undefined) inner.isKeyNext = inner.keys !== undefined;
    else if (token.startsWith('"') && inner?.keys !== undefined && inner.isKeyNext) {
      const key = String(JSON.parse(token));
      if (inner.keys.has(key)) {
        const path = [...open.slice(1).map((one) => one.name), key].join(".");
        return `line ${lineAt(text, match.index)}: the key ${JSON.stringify(path)} stands there twice`;
      }
      inner.keys.add(key);
      inner.isKeyNext = false;
      lastKey = key;
    }
  }
  return undefined;
}
