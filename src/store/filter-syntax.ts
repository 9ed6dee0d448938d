import { invalid } from "./refusal.ts";

export type Operator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";

type FilterValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "none" };

/** `metrics.auc > 0.8` */
export interface Comparison {
  /** `metrics`; undefined where there is no prefix. */
  readonly entity: string | undefined;
  readonly key: string;
  readonly operator: Operator;
  readonly value: FilterValue;
}

type TokenKind = "word" | "quoted" | "string" | "number" | "operator" | "open" | "close" | "comma";

interface Token {
  readonly kind: TokenKind;
  /** Without quotes. */
  readonly text: string;
  /** As written. */
  readonly raw: string;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ["number", /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y],
  // An identifier: parts of letters, or in backticks or double quotes, joined by dots. Keys with other signs want quotes.
  ["word", /[\p{L}_][\p{L}\p{N}_.]*(?:`[^`]*`|"[^"]*")?/uy],
  ["string", /'(?:[^']|'')*'/y],
  ["quoted", /"[^"]*"|`[^`]*`/y],
  ["operator", /!=|<=|>=|<>|==|=|<|>/y],
  ["open", /\(/y],
  ["close", /\)/y],
  ["comma", /,/y],
];

/** Parses MLflow's filter language: comparisons joined by AND. An empty text has none. */
export function parseFilter(text: string): Comparison[] {
  if (text.trim() === "") return [];
  const parser = new FilterParser(text);
  const comparisons = [parser.comparison()];
  while (!parser.atEnd()) {
    parser.expectWord("AND");
    comparisons.push(parser.comparison());
  }
  return comparisons;
}

/** Parses one item of `order_by`: an identifier, then ASC or DESC or nothing. */
export function parseOrderBy(text: string): {
  readonly entity: string | undefined;
  readonly key: string;
  readonly ascending: boolean;
} {
  const match = /^\s*(.+?)(?:\s+(asc|desc))?\s*$/i.exec(text);
  const column = match?.[1];
  if (column === undefined) throw invalid(`Invalid order_by clause '${text}'. Could not be parsed.`);
  const isPlain = /^[^\s`"]+$/.test(column) || /^[^\s`"]*(`[^`]*`|"[^"]*")$/.test(column);
  if (!isPlain) {
    throw invalid(`Invalid order_by clause '${text}'. Expected a column and then ASC, DESC or nothing.`);
  }
  return { ...splitIdentifier(column), ascending: match?.[2]?.toLowerCase() !== "desc" };
}

class FilterParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  atEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  comparison(): Comparison {
    const column = this.#take();
    if (column.kind !== "word" && column.kind !== "quoted") throw this.#invalidClause(column);
    const identifier = splitIdentifier(column.raw);
    const operator = this.#operator();
    if (operator === "IS NULL" || operator === "IS NOT NULL") {
      return { ...identifier, operator, value: { kind: "none" } };
    }
    const value = operator === "IN" || operator === "NOT IN" ? this.#list() : this.#value();
    return { ...identifier, operator, value };
  }

  expectWord(word: string): void {
    const token = this.#take();
    if (!isWord(token, word)) throw this.#invalidClause(token);
  }

  #operator(): Operator {
    const token = this.#take();
    if (token.kind === "operator" && isSymbol(token.text)) return token.text;
    if (isWord(token, "LIKE")) return "LIKE";
    if (isWord(token, "ILIKE")) return "ILIKE";
    if (isWord(token, "IN")) return "IN";
    if (isWord(token, "NOT")) {
      this.expectWord("IN");
      return "NOT IN";
    }
    if (isWord(token, "IS")) {
      const isNot = this.#tokens[this.#next];
      if (isNot !== undefined && isWord(isNot, "NOT")) this.#next++;
      this.expectWord("NULL");
      return isNot !== undefined && isWord(isNot, "NOT") ? "IS NOT NULL" : "IS NULL";
    }
    throw this.#invalidClause(token);
  }

  #value(): FilterValue {
    const token = this.#take();
    if (token.kind === "number") return { kind: "number", number: Number(token.text), text: token.text };
    if (token.kind === "string" || (token.kind === "quoted" && token.raw.startsWith('"'))) {
      return { kind: "text", text: token.text };
    }
    if (token.kind === "open") {
      this.#next--;
      return this.#list();
    }
    throw invalid(
      "Parameter value is either not quoted or unidentified quote types used for string value " +
        `${token.raw}. Use either single or double quotes.`,
    );
  }

  #list(): FilterValue {
    const open = this.#take();
    if (open.kind !== "open") throw this.#invalidClause(open);
    const items: string[] = [];
    for (;;) {
      const item = this.#take();
      if (item.kind !== "string" && item.kind !== "quoted") {
        throw invalid(
          `While parsing a list in the query, expected string value, punctuation, or whitespace, but got ` +
            `different type in list: (${item.raw})`,
        );
      }
      items.push(item.text);
      const separator = this.#take();
      if (separator.kind === "close") return { kind: "list", items };
      if (separator.kind !== "comma") throw this.#invalidClause(separator);
    }
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    if (token !== undefined) return token;
    throw invalid(`Invalid clause(s) in filter string: '${this.#text}' ends too early`);
  }

  #invalidClause(token: Token): Error {
    return invalid(`Invalid clause(s) in filter string: '${token.raw}' in '${this.#text}'`);
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    const space = /\s*/y;
    space.lastIndex = position;
    position += space.exec(text)?.[0].length ?? 0;
    if (position >= text.length) return tokens;
    const token = tokenAt(text, position);
    if (token === undefined) {
      throw invalid(`Invalid clause(s) in filter string: '${text.slice(position)}' in '${text}'`);
    }
    tokens.push(token);
    position += token.raw.length;
  }
}

function tokenAt(text: string, position: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const raw = pattern.exec(text)?.[0];
    if (raw === undefined) continue;
    if (kind === "string") return { kind, raw, text: raw.slice(1, -1).replaceAll("''", "'") };
    if (kind === "quoted") return { kind, raw, text: raw.slice(1, -1) };
    return { kind, raw, text: raw };
  }
  return undefined;
}

/** `tags."a b"` -> `tags` and `a b`; `start_time` -> no entity. */
function splitIdentifier(raw: string): { readonly entity: string | undefined; readonly key: string } {
  const match = /^([^.`"]+)\.(.+)$/s.exec(raw);
  if (match === null) return { entity: undefined, key: unquote(raw) };
  return { entity: match[1], key: unquote(match[2] ?? "") };
}

function unquote(text: string): string {
  return /^(["`]).*\1$/s.test(text) && text.length >= 2 ? text.slice(1, -1) : text;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toUpperCase() === word;
}

function isSymbol(text: string): text is "=" | "!=" | "<" | "<=" | ">" | ">=" {
  return ["=", "!=", "<", "<=", ">", ">="].includes(text);
}
