import * as z from "zod";
import { checkVerdict, resultCore } from "./core.ts";

const limit = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
]);

const checkKind = z.enum([
  "schema",
  "type",
  "nulls",
  "infinite",
  "range",
  "values",
  "pattern",
  "length",
  "unique",
  "order",
  "row_count",
  "freshness",
  "aggregate",
  "quantiles",
  "assertion",
  "sql",
  "reference",
  "script",
  "expectation",
]);

const validationCheck = z.strictObject({
  name: z.string(),
  kind: checkKind,
  /** Null for checks of the table or of several columns. */
  column: z.string().nullable(),
  verdict: checkVerdict,
  severity: z.enum(["fail", "warn", "info"]),
  /** nulls: share 0..1 · range: smallest or largest value · infinite, values, unique: rows · row_count: rows · schema, type: words. */
  observed: limit,
  /** How `observed` must stand to `limit`; `in`: the values must be among those of `limit`; `between`: a pair, null = open. */
  comparison: z
    .enum(["<=", ">=", "<", ">", "=", "in", "not in", "between", "matches", "not matches"])
    .nullable(),
  limit,
  /** Share 0..1 of the judged rows that may fail. */
  allow: z.number().min(0).max(1),
  failingRows: z.number().int().nonnegative().nullable(),
  /** Rows that the rule was about: those with a value, and those that a condition keeps. */
  judgedRows: z.number().int().nonnegative().nullable(),
  /** Up to three failing values, most frequent first, masked: first letter and length. */
  examples: z.array(z.string()),
  /** Why a check was skipped or could not be judged. */
  reason: z.string().nullable(),
  /** True for the checks that nobody wrote: defaults of the program. */
  isDefault: z.boolean(),
  /** What the author of the rule wrote about it. */
  description: z.string().nullable(),
  /** The list, as `items[]`, whose elements the rule is about: rows above are then elements. Null for rules on rows. */
  elementsOf: z.string().nullable(),
  /** The Great Expectations suite that the rule stands in; null for rules of the contract. */
  suite: z.string().nullable(),
  /** What only one kind of check has to say; for expectations the `result` of Great Expectations. */
  details: z.record(z.string(), z.unknown()).nullable(),
});
export type ValidationCheck = z.infer<typeof validationCheck>;

const validationFile = z.strictObject({
  uri: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** Of the bytes that were read; null where an object store's ETag names them instead. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  etag: z.string().nullable(),
  rows: z.number().int().nonnegative().nullable(),
});

/** What the HTML page shows of a column; measured only for it. */
const columnProfile = z.strictObject({
  nulls: z.number().int().nonnegative(),
  /** Null where the table is too wide to count them in every column. */
  distinct: z.number().int().nonnegative().nullable(),
  min: z.union([z.string(), z.number(), z.null()]),
  max: z.union([z.string(), z.number(), z.null()]),
  /** Numbers: equal bins from min to max. */
  histogram: z.strictObject({ edges: z.array(z.number()), counts: z.array(z.number().int()) }).nullable(),
  /** Other types: the most frequent values, masked where the contract does not allow to show them. */
  frequent: z.array(z.strictObject({ value: z.string(), count: z.number().int() })),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

const validationDataset = z.strictObject({
  uri: z.string(),
  /** Null where the data could not be read. */
  rows: z.number().int().nonnegative().nullable(),
  /** In the order of the file. The type of a CSV column is declared, meant by its rules, or true for all of its values. */
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), profile: columnProfile.nullable() })),
  /** Of the file; of several files, the digest of their digests: each as hex and a line feed, in the order given. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  format: z.enum(["csv", "parquet", "arrow"]).nullable(),
  sizeBytes: z.number().int().nonnegative().nullable(),
  /** One entry a file, in the order in which they were read as one table. */
  files: z.array(validationFile),
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
  /** Things to know that are no verdict: a mutable path, a column that only some files have. */
  notes: z.array(z.string()),
  /** Where the failing rows were kept, and how many they are; null where they were not asked for. */
  failingRowsFile: z.strictObject({ path: z.string(), rows: z.number().int().nonnegative() }).nullable(),
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
