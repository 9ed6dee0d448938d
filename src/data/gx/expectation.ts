import type { z } from "zod";
import type { Severity } from "../contract/values.ts";
import type { CheckHead, MeasuredCheck } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Expression } from "../plan/expression.ts";

/** One expectation of a suite, ready to be planned. `Kwargs` is what its rule's schema made of the written ones. */
export interface Expectation<Kwargs = Readonly<Record<string, unknown>>> {
  /** Place in the suite, from 0. */
  readonly index: number;
  /** Snake case: `expect_column_values_to_be_between`. */
  readonly type: string;
  /** Parameters are filled in, values coerced; those that every expectation may have (`row_condition`...) are gone. */
  readonly kwargs: Kwargs;
  readonly id: string | null;
  readonly severity: Severity;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly notes: string | null;
  readonly description: string | null;
  /** The translated `row_condition`; undefined: every row. */
  readonly where: Expression | undefined;
  /** Name of the suite. */
  readonly suite: string;
}

/** What a rule may know of the table before anything is measured. */
export interface ExpectationTable {
  /** In the order of the file. */
  readonly columns: readonly PlanColumn[];
  /** Exactly that name; else the only one that differs in case alone. */
  find(name: string): PlanColumn | undefined;
  /** Names of the other tables of the run, for rules that compare with one. */
  readonly otherTables: readonly string[];
  readonly now: Date;
}

/**
 * What a rule makes of an expectation: a check without its head. `judge` puts Great Expectations' own words into
 * `details` (see `ExpectationDetails`). `column` is the table's name of it, which may differ in case from the suite's.
 */
export type ExpectationBody = Omit<MeasuredCheck, keyof CheckHead> &
  Partial<Pick<CheckHead, "column" | "comparison" | "limit" | "allow">>;

/** `Judgement.details` of an expectation: a result of Great Expectations without the lists of single values. */
export interface ExpectationDetails extends Readonly<Record<string, unknown>> {
  readonly success: boolean;
  /** `element_count`, `observed_value`...: all that `result_format: SUMMARY` shows, as numbers, text, lists of them. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** Why an expectation cannot be judged on this table. */
export interface NotEvaluable {
  readonly notEvaluable: string;
}

export function notEvaluable(reason: string): NotEvaluable {
  return { notEvaluable: reason };
}

export function isNotEvaluable(made: object): made is NotEvaluable {
  return "notEvaluable" in made;
}

/** How one type of expectation is judged. */
export interface ExpectationRule {
  /** For did-you-mean; without those of every expectation (`row_condition`, `meta`...). */
  readonly kwargNames: readonly string[];
  readonly takesRowCondition: boolean;
  /** Judges the kwargs before any table is seen: what is wrong here refuses the whole suite. */
  readonly read: (kwargs: Readonly<Record<string, unknown>>) => KwargProblems | ReadyExpectation;
}

interface KwargProblems {
  readonly problems: readonly z.core.$ZodIssue[];
}

export interface ReadyExpectation {
  /** As the schema made them. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly make: (
    expectation: Omit<Expectation, "kwargs">,
    table: ExpectationTable,
  ) => ExpectationBody | NotEvaluable;
}

interface RuleDefinition<Shape extends z.ZodObject> {
  /** A `z.strictObject`: an unknown kwarg is refused. */
  readonly kwargs: Shape;
  /** Says what the kwargs cannot be together; undefined where nothing is wrong. */
  readonly refuse?: (kwargs: z.output<Shape>) => string | undefined;
  /** Default true. */
  readonly takesRowCondition?: boolean;
  readonly make: (
    expectation: Expectation<z.output<Shape>>,
    table: ExpectationTable,
  ) => ExpectationBody | NotEvaluable;
}

/** A rule of one type of expectation, its kwargs typed by its schema. */
export function expectationRule<Shape extends z.ZodObject>(
  definition: RuleDefinition<Shape>,
): ExpectationRule {
  const { kwargs: shape, refuse, takesRowCondition = true, make } = definition;
  const schema = shape.superRefine((values, context) => {
    const message = refuse?.(values);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
  return {
    kwargNames: Object.keys(shape.shape),
    takesRowCondition,
    read: (written) => {
      const read = schema.safeParse(written);
      if (!read.success) return { problems: read.error.issues };
      const kwargs = read.data;
      return { kwargs, make: (head, table) => make({ ...head, kwargs }, table) };
    },
  };
}
