import * as z from "zod";
import { ruleProblems, subjectProblems } from "./card-problems.ts";
import { cardForm, columnRules } from "./column-form.ts";

/** One card of the contract: the rules of one column, or of all of a form. */
export const columnCard = cardForm.superRefine((card, context) => {
  for (const [path, message] of [...subjectProblems(card), ...ruleProblems(card)])
    context.addIssue({ code: "custom", path: [...path], message });
});

/** What holds for every column and every rule that says nothing else. */
export const defaultRules = z
  .strictObject({
    severity: z
      .enum(["fail", "warn", "info"])
      .optional()
      .describe("of every written rule that names no severity"),
    ...columnRules,
  })
  .superRefine((rules, context) => {
    for (const [path, message] of ruleProblems(rules))
      context.addIssue({ code: "custom", path: [...path], message });
  });
