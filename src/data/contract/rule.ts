import type { CheckHead } from "../plan/check.ts";
import type { Expression } from "../plan/expression.ts";
import type { Severity } from "./contract.ts";

/** A rule as it holds, whichever of its forms it was written in. */
export interface Rule<T> {
  readonly value: T;
  /** Share 0..1 of the judged rows that may fail. */
  readonly allow: number;
  readonly severity: Severity;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Keeps the rows that the rule is about; undefined: all. */
  readonly when: Expression | undefined;
  /** Not written by anybody: a default of the program. */
  readonly isDefault: boolean;
}

/** What may stand beside the value of a rule. */
export interface Annotations {
  readonly allow?: number | undefined;
  readonly severity?: Severity | undefined;
  readonly name?: string | undefined;
}

const nobody: Omit<Rule<unknown>, "value"> = {
  allow: 0,
  severity: "fail",
  name: undefined,
  description: undefined,
  when: undefined,
  isDefault: true,
};

/** A rule that the program brings itself. */
export function defaultRule<T>(value: T): Rule<T> {
  return { ...nobody, value };
}

/** A rule that the contract's author wrote with these words beside it. */
export function writtenRule<T>(value: T, { allow, severity, name }: Annotations): Rule<T> {
  return { value, allow: allow ?? 0, severity: severity ?? "fail", name, ...unsaid, isDefault: false };
}

const unsaid = { description: undefined, when: undefined };

/** The head of the check of a rule; `about.name` is its name where its author gave it none. */
export function headOf(
  rule: Rule<unknown>,
  about: Pick<CheckHead, "name" | "kind" | "column" | "comparison" | "limit">,
): CheckHead {
  const { allow, severity, isDefault, description } = rule;
  return {
    ...about,
    name: rule.name ?? about.name,
    ...{ severity, allow, isDefault },
    ...(description === undefined ? {} : { description }),
  };
}
