import * as z from "zod";
import { resultCore } from "./core.ts";

const metricRow = z.strictObject({
  metric: z.string(),
  /** `sex=female`; null: all rows. */
  subgroup: z.string().nullable(),
  /** Null: unknown. */
  higherIsBetter: z.boolean().nullable(),
  /** Of each side; null where it has none. */
  values: z.array(z.number().nullable()).readonly(),
  /** Of the second side on, against the first; null where one of the two has no value. */
  changes: z
    .array(
      z
        .strictObject({
          change: z.number(),
          /** 95 %; null where none can be had. */
          low: z.number().nullable(),
          high: z.number().nullable(),
          /** True: of the differences row by row. False: as if the sides were of different rows. */
          paired: z.boolean(),
          /** Of a paired interval: `delong`, `paired-t`, `newcombe`, `delta` or `bootstrap`; null of others. */
          method: z.string().nullable(),
          word: z.enum(["better", "worse", "unclear", "same", "changed"]),
        })
        .nullable(),
    )
    .readonly(),
});

/** What `mlops compare` prints with `--json` and writes with `--output-path`. */
export const comparisonResult = z.strictObject({
  ...resultCore.shape,
  sides: z.array(
    z.strictObject({
      label: z.string(),
      uri: z.string(),
      description: z.string(),
      runId: z.string().nullable(),
      /** ISO 8601 UTC. */
      evaluatedAt: z.string().nullable(),
      evalSet: z.strictObject({ sha256: z.string().nullable(), rows: z.number().nullable() }),
    }),
  ),
  evalSet: z.enum(["same", "different", "unknown"]),
  /** Of the second side on: why its rows are not paired with those of the first; null where they are. */
  pairings: z
    .array(
      z.strictObject({
        label: z.string(),
        reason: z.string().nullable(),
        /** How rows were resampled (sfc32) for metrics without a closed form; null where none was. */
        bootstrap: z.strictObject({ replicates: z.number().int(), seed: z.number().int() }).nullable(),
      }),
    )
    .readonly(),
  primaryMetric: z.string().nullable(),
  metrics: z.array(metricRow).readonly(),
  subgroups: z.array(metricRow).readonly(),
  /** Those that differ; null where fewer than two sides have parameters. */
  parameters: z
    .array(z.strictObject({ name: z.string(), values: z.array(z.string().nullable()).readonly() }))
    .readonly()
    .nullable(),
  /** Why parameters are missing, in sentences. */
  parameterNotes: z.array(z.string()).readonly(),
  warnings: z.array(z.string()).readonly(),
});
export type ComparisonResult = z.infer<typeof comparisonResult>;

/** For a person: whether the rows of a side were paired with those of the first, and how they were resampled. */
export function pairingSentence(
  { label, reason, bootstrap }: ComparisonResult["pairings"][number],
  first: string,
): string {
  const both = `${label} and ${first} are`;
  if (reason !== null) return `${both} not paired row by row: ${reason}`;
  if (bootstrap === null) return `${both} paired row by row`;
  const { replicates, seed } = bootstrap;
  return `${both} paired row by row; without a closed form by ${replicates} bootstrap resamples (sfc32, seed ${seed})`;
}
