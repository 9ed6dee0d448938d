import * as z from "zod";
import { resultCore } from "./core.ts";

/** `training_result.json`. */
export const trainResult = resultCore
  .extend({
    command: z.literal("train"),
    run: z.strictObject({
      runId: z.string(),
      experimentId: z.string(),
      experimentName: z.string(),
      name: z.string(),
      status: z.enum(["FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"]),
    }),
    /** Where the run is: a URL without credentials, or `the store in .mlops/store`. */
    tracking: z.string(),
    /** The program as the user wrote it, secrets redacted. */
    program: z.string(),
    /** New or changed files of the output directory. */
    outputs: z.array(
      z.strictObject({
        path: z.string(),
        sizeBytes: z.number().int().nonnegative(),
        uploaded: z.boolean(),
      }),
    ),
    /** Of the program; null where a signal ended it or where it never started. */
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    durationMs: z.number().int().nonnegative(),
  })
  .strict();
export type TrainResult = z.infer<typeof trainResult>;
