import { type Condition, type ConditionValue, comparisonOf, negated } from "./condition.ts";

/**
 * Reads the simple part of what `DataFrame.query` understands: comparisons of columns with values and with each other
 * (chained too), `in`, `not in`, `isnull()`, `notnull()`, `and`, `or`, `not` and their signs, brackets.
 * Throws an Error with what is not understood. As in pandas `&` and `|` bind as `and` and `or` do.
 */
export function parsePandasQuery(text: string): Condition {
  return new QueryParser(tokensOf(text)).whole();
}

interface Token {
  readonly kind: "column" | "text" | "number" | "sign" | "word";
  readonly text: string;
}

const words = ["and", "or", "not", "in", "True", "False"];
const tokenForm =
  /\s*(?:`([^`]+)`|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(==|!=|<=|>=|[<>&|~()[\],.-]))/uy;

function tokensOf(text: string): Token[] {
  const form = new RegExp(tokenForm);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (form.lastIndex < end) {
    const start = form.lastIndex;
    const found = form.exec(text);
    if (found === null) throw new Error(`${shown(text.slice(start))} is not understood`);
    const [, quoted, double, single, number, name, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: "column", text: quoted });
    else if (double !== undefined || single !== undefined)
      tokens.push({ kind: "text", text: unescaped(double ?? single ?? "") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: words.includes(name) ? "word" : "column", text: name });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

function shown(text: string): string {
  return JSON.stringify(text.trim().slice(0, 30));
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (written, letter: string) => {
    if (letter === "\\" || letter === "'" || letter === '"') return letter;
    throw new Error(`the escape ${written} is not understood`);
  });
}

type Operand =
  | { readonly is: "column"; readonly name: string }
  | { readonly is: "value"; readonly value: ConditionValue }
  | { readonly is: "list"; readonly values: readonly ConditionValue[] };

const mirrored: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

class QueryParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Condition {
    const condition = this.#any();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new Error(`${shown(rest.text)} stands where and, or or the end should`);
    return condition;
  }

  #any(): Condition {
    const parts = [this.#all()];
    while (this.#take("or", "|") !== undefined) parts.push(this.#all());
    return joined("or", parts);
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.#take("and", "&") !== undefined) parts.push(this.#one());
    return joined("and", parts);
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > 100) throw new Error("it is nested more than 100 deep");
    const condition = this.#unnested();
    this.#depth -= 1;
    return condition;
  }

  #unnested(): Condition {
    if (this.#take("not", "~") !== undefined) return negated(this.#one());
    if (this.#isBracketOfCondition()) {
      this.#take("(");
      const condition = this.#any();
      this.#expect(")");
      return condition;
    }
    return this.#comparison();
  }

  /** A bracket opens a condition, or a list of values such as `("a", "b")`. */
  #isBracketOfCondition(): boolean {
    if (this.#tokens[this.#at]?.text !== "(" || this.#tokens[this.#at]?.kind !== "sign") return false;
    const after = this.#tokens[this.#at + 2];
    return after?.kind !== "sign" || after.text !== ",";
  }

  #comparison(): Condition {
    let left = this.#operand();
    const test = this.#nullTest(left);
    if (test !== undefined) return test;
    const parts: Condition[] = [];
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined) break;
      const right = this.#operand();
      parts.push(compared(left, operator, right));
      left = right;
    }
    if (parts.length === 0)
      throw new Error("a comparison is missing: columns of truths are written a == True");
    return joined("and", parts);
  }

  #operator(): string | undefined {
    const sign = this.#take("==", "!=", "<=", ">=", "<", ">", "in");
    if (sign !== undefined) return sign;
    if (this.#take("not") === undefined) return undefined;
    this.#expect("in");
    return "not in";
  }

  #nullTest(left: Operand): Condition | undefined {
    if (this.#take(".") === undefined) return undefined;
    const method = this.#tokens[this.#at]?.text ?? "";
    const isNull = ["isnull", "isna"].includes(method);
    if (left.is !== "column" || !(isNull || ["notnull", "notna"].includes(method)))
      throw new Error(`.${method} is not understood; of the methods isnull() and notnull() are`);
    this.#at += 1;
    this.#expect("(");
    this.#expect(")");
    return { is: "nullity", column: left.name, isNull };
  }

  #operand(): Operand {
    const bracket = this.#take("[", "(");
    if (bracket !== undefined) return { is: "list", values: this.#values(bracket === "[" ? "]" : ")") };
    const token = this.#tokens[this.#at];
    if (token?.kind === "column") {
      this.#at += 1;
      if (this.#tokens[this.#at]?.text === "(")
        throw new Error(`the call of ${token.text} is not understood`);
      return { is: "column", name: token.text };
    }
    return { is: "value", value: this.#value() };
  }

  #values(end: string): ConditionValue[] {
    const values: ConditionValue[] = [];
    while (this.#take(end) === undefined) {
      values.push(this.#value());
      if (this.#take(",") === undefined) {
        this.#expect(end);
        break;
      }
    }
    return values;
  }

  #value(): ConditionValue {
    const minus = this.#take("-");
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === "number") return minus === undefined ? Number(token.text) : -Number(token.text);
    if (minus === undefined && token?.kind === "text") return token.text;
    if (minus === undefined && (token?.text === "True" || token?.text === "False"))
      return token.text === "True";
    if (token === undefined) throw new Error("it ends too early");
    throw new Error(`${shown(token.text)} stands where a value should`);
  }

  #take(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !["sign", "word"].includes(token.kind) || !signs.includes(token.text))
      return undefined;
    this.#at += 1;
    return token.text;
  }

  #expect(sign: string): void {
    if (this.#take(sign) === undefined) throw new Error(`${JSON.stringify(sign)} is missing`);
  }
}

function joined(is: "and" | "or", parts: readonly Condition[]): Condition {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { is, parts };
}

function compared(left: Operand, written: string, right: Operand): Condition {
  if (left.is !== "column" && right.is === "column" && written !== "in" && written !== "not in")
    return compared(right, mirrored[written] ?? written, left);
  if (left.is !== "column") throw new Error("a column has to stand on one side of each comparison");
  const isIn = written === "in" || written === "==";
  if (right.is === "list" && (isIn || ["not in", "!="].includes(written)))
    return { is: "membership", column: left.name, values: right.values, isIn };
  const operator = comparisonOf(written);
  if (operator === undefined || right.is === "list")
    throw new Error(`${written} does not go with what stands on its right`);
  if (right.is === "column") return { is: "columns", column: left.name, operator, other: right.name };
  return { is: "comparison", column: left.name, operator, value: right.value };
}
