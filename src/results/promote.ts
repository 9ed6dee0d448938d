import * as z from "zod";
import { resultCore } from "./core.ts";

/** What `mlops promote` writes (`promotion.json`). */
export const promoteResult = z.strictObject({
  ...resultCore.shape,
  dryRun: z.boolean(),
  /** False where the alias pointed to the version already, and in a dry run. */
  moved: z.boolean(),
  model: z.strictObject({
    name: z.string(),
    version: z.string(),
    uri: z.string(),
    alias: z.string(),
    /** What the alias pointed to before; null for nothing. */
    previousVersion: z.string().nullable(),
  }),
  promotedBy: z.string(),
  tracking: z.string(),
});
