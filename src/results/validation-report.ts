import { z } from "zod";
import { checkVerdict, resultCore } from "./core.ts";

const limit = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
]);

const validationCheck = z.strictObject({
  name: z.string(),
  kind: z.enum(["schema", "type", "nulls", "infinite", "range", "values", "unique", "row_count"]),
  /** Null for checks of the table or of several columns. */
  column: z.string().nullable(),
  verdict: checkVerdict,
  severity: z.enum(["fail", "warn", "info"]),
  /** nulls: share 0..1 · range: smallest or largest value · infinite, values, unique: rows · row_count: rows · schema, type: words. */
  observed: limit,
  /** How `observed` must stand to `limit`; `in`: the column's values must be among those of `limit`. */
  comparison: z.enum(["<=", ">=", "=", "in"]).nullable(),
  limit,
  /** Share 0..1 of the judged rows that may fail. */
  allow: z.number().min(0).max(1),
  failingRows: z.number().int().nonnegative().nullable(),
  /** Up to three failing values, most frequent first, masked: first letter and length. */
  examples: z.array(z.string()),
  /** Why a check was skipped or could not be judged. */
  reason: z.string().nullable(),
  /** True for the checks that nobody wrote: defaults of the program. */
  isDefault: z.boolean(),
});
export type ValidationCheck = z.infer<typeof validationCheck>;

const validationDataset = z.strictObject({
  uri: z.string(),
  /** Null where the data could not be read. */
  rows: z.number().int().nonnegative().nullable(),
  /** In the order of the file. The type of a CSV column is declared, meant by its rules, or true for all of its values. */
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** Of the file; of several files, the digest of their digests: each as hex and a line feed, in the order given. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  format: z.enum(["csv", "parquet"]).nullable(),
  sizeBytes: z.number().int().nonnegative().nullable(),
  /** How a CSV was read. */
  csv: z
    .strictObject({
      delimiter: z.string(),
      compression: z.enum(["none", "gzip", "zstd"]),
      encoding: z.string(),
    })
    .nullable(),
});
export type ValidationDataset = z.infer<typeof validationDataset>;

/** `validation_report.json`. */
export const validationReport = z.strictObject({
  ...resultCore.shape,
  command: z.literal("validate"),
  dataset: validationDataset,
  checks: z.array(validationCheck),
  summary: z.strictObject({
    pass: z.number().int(),
    warn: z.number().int(),
    fail: z.number().int(),
    error: z.number().int(),
    skipped: z.number().int(),
  }),
  /** Why there is no verdict; null where there is one. */
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
export type ValidationReport = z.infer<typeof validationReport>;
