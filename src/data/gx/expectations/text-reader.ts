import { RegexProblem } from "./regex-tree.ts";

/** The groups of an expression as far as it was read: what a reference may refer to. */
class Groups {
  #opened = 0;
  readonly #closed = new Set<number | string>();
  readonly #names = new Set<string>();

  /** A group begins; its number. */
  open(name: string | undefined): number {
    this.#opened += 1;
    if (name === undefined) return this.#opened;
    if (this.#names.has(name)) throw new RegexProblem(`there are two groups ${name}`);
    this.#names.add(name);
    return this.#opened;
  }

  close(number: number, name: string | undefined): void {
    this.#closed.add(number);
    if (name !== undefined) this.#closed.add(name);
  }

  /** Refuses a reference to a group that is not there, or not at its end yet. */
  refer(to: number | string): void {
    if (!this.#closed.has(to)) throw new RegexProblem(`there is no group ${to} to refer to`);
  }
}

/** Reads a text code point by code point. */
export class Reader {
  readonly groups = new Groups();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next code point, not taken; empty at the end. */
  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** The next code point; throws with `problem` at the end. */
  next(problem: string): string {
    const found = this.peek();
    if (found === "") throw new RegexProblem(problem);
    this.#at += found.length;
    return found;
  }

  /** Takes `literal` if it comes next. */
  skip(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  /** Takes what `pattern`, which begins with `^`, finds here; undefined where it finds nothing. */
  take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.#text.slice(this.#at))?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Gives `length` code units back. */
  back(length: number): void {
    this.#at -= length;
  }
}
