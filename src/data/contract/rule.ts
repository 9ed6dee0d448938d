import type { CheckHead } from "../plan/check.ts";
import { and, type Expression, userSql } from "../plan/expression.ts";
import type { Severity } from "./values.ts";

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
export interface Notes {
  readonly allow?: number | undefined;
  readonly severity?: Severity | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly when?: string | undefined;
}

/** What the place of a rule says of it. */
export interface Place {
  /** Of rules that name none. */
  readonly severity?: Severity | undefined;
  /** The condition of the card. */
  readonly when?: Expression | undefined;
  /** Set where one rule is written for many columns: its name then needs the column's. */
  readonly column?: string | undefined;
}

/** A rule that the program brings itself. */
export function defaultRule<T>(value: T, when?: Expression): Rule<T> {
  const unsaid = { name: undefined, description: undefined, when };
  return { value, allow: 0, severity: "fail", ...unsaid, isDefault: true };
}

/** A rule that the contract's author wrote, with what stands beside it and around it. */
export function writtenRule<T>(value: T, notes: Notes = {}, place: Place = {}): Rule<T> {
  const { allow = 0, name, description } = notes;
  const severity = notes.severity ?? place.severity ?? "fail";
  const when = and(place.when, notes.when === undefined ? undefined : userSql(notes.when));
  const ownName = name === undefined || place.column === undefined ? name : `${name} (${place.column})`;
  return { value, allow, severity, name: ownName, description, when, isDefault: false };
}

/** A rule in its short or its long form. */
export function ruleOf<T extends string | number | boolean | readonly (string | number | boolean)[]>(
  written: T | ({ readonly value: T } & Notes),
  place: Place = {},
): Rule<T> {
  return isLong(written) ? writtenRule<T>(written.value, written, place) : writtenRule<T>(written, {}, place);
}

function isLong<T>(written: T | ({ readonly value: T } & Notes)): written is { readonly value: T } & Notes {
  return typeof written === "object" && written !== null && "value" in written;
}

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
