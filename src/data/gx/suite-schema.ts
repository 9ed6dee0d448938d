import * as z from "zod";

const meta = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});
const notes = z
  .union([z.string(), z.array(z.string()).transform((lines) => lines.join("\n"))])
  .nullish()
  .transform((given) => given ?? null);
const text = z
  .string()
  .nullish()
  .transform((given) => given ?? null);

/** One entry of `expectations`, of 0.x (`expectation_type`) or 1.x (`type`). */
export const writtenExpectation = z
  .strictObject({
    type: z.string().min(1).optional(),
    expectation_type: z.string().min(1).optional(),
    kwargs: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((given) => given ?? {}),
    meta,
    id: text,
    severity: z.enum(["critical", "warning", "info"]).nullish(),
    notes,
    description: text,
    windows: z.unknown().optional(),
    // What other tools than the engine of Great Expectations wrote, of one version or another; it has no effect.
    rendered_content: z.unknown().optional(),
    ge_cloud_id: text,
    expectation_context: z.unknown().optional(),
    success_on_last_run: z.unknown().optional(),
  })
  .superRefine((entry, context) => {
    const { type, expectation_type: old } = entry;
    if (type === undefined && old === undefined)
      context.addIssue({
        code: "custom",
        message: "has no type, such as expect_column_values_to_not_be_null",
      });
    if (type !== undefined && old !== undefined && type !== old)
      context.addIssue({ code: "custom", message: `has two types, ${type} and ${old}` });
  });
export type WrittenExpectation = z.infer<typeof writtenExpectation>;

/** A suite file of either format, its expectations not yet looked at. */
export const writtenSuite = z.strictObject({
  name: z.string().min(1).nullish(),
  expectation_suite_name: z.string().min(1).nullish(),
  id: text,
  expectations: z.array(z.unknown(), "expected the list of expectations"),
  meta,
  notes,
  suite_parameters: z.record(z.string(), z.unknown()).nullish(),
  evaluation_parameters: z.record(z.string(), z.unknown()).nullish(),
  ge_cloud_id: text,
  expectation_suite_id: z.unknown().optional(),
  data_asset_type: z.unknown().optional(),
  execution_engine_type: z.unknown().optional(),
  rendered_content: z.unknown().optional(),
});

/** Kwargs that every expectation may have; they are no business of its rule. */
export const commonKwargs = [
  "row_condition",
  "condition_parser",
  "windows",
  // Accepted without effect in a run of a suite.
  "result_format",
  "catch_exceptions",
  "batch_id",
  "include_config",
] as const;
