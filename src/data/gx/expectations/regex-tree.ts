/** The sets that Python's `\d`, `\s` and `\w` stand for. */
export type SetName = "d" | "s" | "w";

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export type ClassItem =
  /** Code points, both ends included. */
  | { readonly from: number; readonly to: number }
  | { readonly set: SetName; readonly isNegated: boolean; readonly isAscii: boolean };

/** A regular expression of Python's `re`, taken apart. What flags mean for a part is settled in it, but for case. */
export type RegexNode =
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "any"; readonly withNewline: boolean }
  | { readonly kind: "class"; readonly isNegated: boolean; readonly items: readonly ClassItem[] }
  /** `end`: the end of the text, or before a newline that ends it. */
  | { readonly kind: "anchor"; readonly at: "text-start" | "text-end" | "end" | "line-start" | "line-end" }
  | { readonly kind: "boundary"; readonly isNegated: boolean; readonly isAscii: boolean }
  | { readonly kind: "group"; readonly name: string | undefined; readonly node: RegexNode }
  | { readonly kind: "scope"; readonly ignoreCase: boolean | undefined; readonly node: RegexNode }
  | {
      readonly kind: "look";
      readonly isAhead: boolean;
      readonly isNegated: boolean;
      readonly node: RegexNode;
    }
  | { readonly kind: "reference"; readonly to: number | string }
  | {
      readonly kind: "repeat";
      readonly node: RegexNode;
      readonly min: number;
      readonly max: number | undefined;
      readonly isLazy: boolean;
    }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly nodes: readonly RegexNode[] };

/** Text that Python takes for no regular expression, or that only Python's engine can run. */
export class RegexProblem extends Error {
  override readonly name = "RegexProblem";
}
