import {
  add,
  type Call,
  call,
  divide,
  multiply,
  negate,
  numberOf,
  type ParameterValue,
  subtract,
} from "./parameter-value.ts";

export interface ParameterNames {
  /** The value of a name; undefined where it has none. */
  readonly valueOf: (name: string) => ParameterValue | undefined;
  readonly now: Date;
}

/** Throws an Error with what is wrong; the caller knows the file and the line. */
export function evaluateExpression(text: string, names: ParameterNames): ParameterValue {
  const parser = new ExpressionParser(tokensOf(text), names);
  return parser.whole();
}

type Token = { readonly kind: "number" | "name" | "sign"; readonly text: string };

function tokensOf(text: string): Token[] {
  const form =
    /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_$]*)|([-+*/^(),=]))/y;
  const tokens: Token[] = [];
  while (form.lastIndex < text.trimEnd().length) {
    const start = form.lastIndex;
    const [, number, name, sign] = form.exec(text) ?? [];
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else throw new Error(`${JSON.stringify(text.slice(start).trim().slice(0, 20))} is not understood`);
  }
  return tokens;
}

class ExpressionParser {
  readonly #tokens: readonly Token[];
  readonly #names: ParameterNames;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], names: ParameterNames) {
    this.#tokens = tokens;
    this.#names = names;
  }

  whole(): ParameterValue {
    const value = this.#sum();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new Error(`${JSON.stringify(rest.text)} stands where an operator should`);
    return value;
  }

  #sum(): ParameterValue {
    let value = this.#product();
    for (let sign = this.#take("+", "-"); sign !== undefined; sign = this.#take("+", "-"))
      value = sign === "+" ? add(value, this.#product()) : subtract(value, this.#product());
    return value;
  }

  #product(): ParameterValue {
    let value = this.#power();
    for (let sign = this.#take("*", "/"); sign !== undefined; sign = this.#take("*", "/")) {
      const right = this.#power();
      value = sign === "*" ? multiply(value, right) : divide(value, right);
    }
    return value;
  }

  #power(): ParameterValue {
    const base = this.#atom();
    if (this.#take("^") === undefined) return base;
    return numberOf(base) ** numberOf(this.#power());
  }

  #atom(): ParameterValue {
    this.#depth += 1;
    if (this.#depth > 100) throw new Error("it is nested more than 100 deep");
    const value = this.#unnested();
    this.#depth -= 1;
    return value;
  }

  #unnested(): ParameterValue {
    const sign = this.#take("+", "-");
    if (sign !== undefined) return sign === "-" ? negate(this.#atom()) : this.#atom();
    if (this.#take("(") !== undefined) {
      const value = this.#sum();
      this.#expect(")");
      return value;
    }
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error("it ends too early");
    this.#at += 1;
    if (token.kind === "number") return Number(token.text);
    if (token.kind === "sign") throw new Error(`${JSON.stringify(token.text)} stands where a value should`);
    return this.#take("(") === undefined
      ? this.#named(token.text)
      : call(token.text, this.#call(), this.#names.now);
  }

  #named(name: string): ParameterValue {
    const value = this.#names.valueOf(name);
    if (value !== undefined) return value;
    if (name.toUpperCase() === "PI") return Math.PI;
    if (name.toUpperCase() === "E") return Math.E;
    throw new Error(`the parameter ${JSON.stringify(name)} has no value`);
  }

  #call(): Call {
    const positional: ParameterValue[] = [];
    const named = new Map<string, ParameterValue>();
    if (this.#take(")") !== undefined) return { positional, named };
    do {
      const [name, equals] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
      if (name?.kind === "name" && equals?.text === "=") {
        this.#at += 2;
        named.set(name.text, this.#sum());
      } else positional.push(this.#sum());
    } while (this.#take(",") !== undefined);
    this.#expect(")");
    return { positional, named };
  }

  #take(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || !signs.includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #expect(sign: string): void {
    if (this.#take(sign) === undefined) throw new Error(`a ${sign} is missing`);
  }
}
