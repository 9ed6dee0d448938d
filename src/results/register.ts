import * as z from "zod";
import { resultCore } from "./core.ts";

/** What `mlops register` writes (`registration.json`). */
export const registerResult = z.strictObject({
  ...resultCore.shape,
  dryRun: z.boolean(),
  /** False where the version was there already from an earlier start of the same job. */
  created: z.boolean(),
  model: z.strictObject({
    name: z.string(),
    /** Null in a dry run of a version that is not there yet. Versions are texts: GitLab's are semver. */
    version: z.string().nullable(),
    /** `models:/<name>/<version>` */
    uri: z.string().nullable(),
    source: z.string(),
    sourceKind: z.enum(["logged model", "model folder", "folder", "file"]),
    modelId: z.string().nullable(),
    aliases: z.array(z.string()),
    tags: z.record(z.string(), z.string()),
  }),
  runId: z.string(),
  tracking: z.string(),
  gateVerdict: z.string().nullable(),
});
