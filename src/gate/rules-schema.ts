import * as z from "zod";

const margin = z.union([z.number(), z.string()]).optional();

const rule = z
  .strictObject({
    metric: z.string().min(1),
    min: z.number().optional(),
    max: z.number().optional(),
    /** 0.01, or "2%" of the baseline. */
    max_regression: margin,
    /** A share of the baseline: 0.02 or "2%". */
    max_regression_rel: margin,
    /** For every subgroup instead of all rows. */
    subgroups: z.boolean().optional(),
    /** For a metric that is not known by its name. */
    higher_is_better: z.boolean().optional(),
  })
  .refine(
    ({ min, max, max_regression: absolute, max_regression_rel: relative }) =>
      [min, max, absolute, relative].some((limit) => limit !== undefined),
    "needs a limit: min, max, max_regression or max_regression_rel",
  );

/** The structured part of `gate:` in `mlops.yaml`. */
export const gateExtras = z.strictObject({ rules: z.array(rule).optional() });
