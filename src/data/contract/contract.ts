import { z } from "zod";

export const severity = z.enum(["fail", "warn", "info"]);
export type Severity = z.infer<typeof severity>;

export const logicalType = z.enum(["integer", "double", "decimal", "string", "boolean", "date", "timestamp"]);
export type LogicalType = z.infer<typeof logicalType>;

/** A share 0..1. Plain `5` is refused: it could mean 5 or 5 %. */
const share = z.union([
  z
    .number("expected a share such as 0.05 or 5%")
    .min(0)
    .max(1, "is ambiguous: write a share such as 0.05, or 5%"),
  z
    .string()
    .regex(/^\s*(\d+(\.\d+)?|\.\d+)\s*%\s*$/, "expected a share such as 0.05 or 5%")
    .transform((text) => Number.parseFloat(text) / 100)
    .refine((value) => value <= 1, "is more than 100%"),
]);

const annotations = { severity: severity.optional(), name: z.string().min(1).optional() };

/** A rule on rows: `max: 10`, or `max: {value: 10, allow: 0.1%, severity: warn, name: not too old}`. */
function rowRule<T extends z.ZodType>(value: T) {
  return z.union([value, z.strictObject({ value, allow: share.optional(), ...annotations })]);
}

/** A rule on the table, where no row can be let off. */
function tableRule<T extends z.ZodType>(value: T) {
  return z.union([value, z.strictObject({ value, ...annotations })]);
}

const isoForm = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isRealTime(text: string): boolean {
  if (!isoForm.test(text)) return false;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const clock = text.length === 10 ? true : !Number.isNaN(Date.parse(text.replace(" ", "T")));
  return clock && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

const bound = z.union([
  z.number("expected a number, a date or a timestamp"),
  z.string().refine(isRealTime, "expected a number, a date such as 2026-01-31, or a timestamp in ISO 8601"),
]);
export type Bound = z.infer<typeof bound>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof scalar>;

const columnCard = z
  .strictObject({
    name: z.string().min(1),
    required: tableRule(z.boolean()).optional(),
    type: rowRule(logicalType).optional(),
    nulls: z.union([z.literal("never"), z.strictObject({ max_ratio: share, ...annotations })]).optional(),
    infinite: rowRule(z.enum(["never", "allow"])).optional(),
    min: rowRule(bound).optional(),
    max: rowRule(bound).optional(),
    values: rowRule(z.array(scalar).min(1, "is empty: no value would be allowed")).optional(),
    unique: rowRule(z.boolean()).optional(),
  })
  .superRefine((card, context) => {
    for (const [key, message] of cardProblems(card))
      context.addIssue({ code: "custom", path: [key], message });
  });
export type ColumnCard = z.infer<typeof columnCard>;

const uniqueSet = z.array(z.string().min(1)).min(1);

/** The contract as it stands in the `validate` section of `mlops.yaml`, or in a file of its own. */
export const contractSchema = z
  .strictObject({
    rows: z
      .strictObject({
        min: tableRule(z.number().int().nonnegative()).optional(),
        max: tableRule(z.number().int().nonnegative()).optional(),
      })
      .optional(),
    extra_columns: z.enum(["allow", "warn", "fail"]).optional(),
    columns: z.array(columnCard).optional(),
    unique: z
      .array(
        z.union([uniqueSet, z.strictObject({ columns: uniqueSet, allow: share.optional(), ...annotations })]),
      )
      .optional(),
  })
  .superRefine((contract, context) => {
    const names = (contract.columns ?? []).map((card) => card.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const message = `${JSON.stringify(name)} has two cards; put all its rules into one`;
      context.addIssue({ code: "custom", path: ["columns", index, "name"], message });
    }
    const { min, max } = contract.rows ?? {};
    if (min !== undefined && max !== undefined && plain(min) > plain(max))
      context.addIssue({ code: "custom", path: ["rows"], message: "min is more than max" });
  });
export type ContractSource = z.infer<typeof contractSchema>;

/** A contract in a file of its own may say which version of this format it is written in. */
export const contractFileSchema = contractSchema.safeExtend({ version: z.literal(1).optional() });

/** The value of a rule, whichever of its two forms it is written in. */
export function plain<T extends string | number | boolean | readonly Scalar[]>(
  rule: T | { readonly value: T },
): T {
  return isLong(rule) ? rule.value : rule;
}

function isLong<T>(rule: T | { readonly value: T }): rule is { readonly value: T } {
  return typeof rule === "object" && rule !== null && "value" in rule;
}

/** What cannot be meant: a bound on a type that has no order, a text among the allowed numbers, min above max. */
function cardProblems(card: {
  readonly type?: z.infer<typeof columnCard.shape.type>;
  readonly min?: z.infer<typeof columnCard.shape.min>;
  readonly max?: z.infer<typeof columnCard.shape.max>;
  readonly values?: z.infer<typeof columnCard.shape.values>;
}): [string, string][] {
  const problems: [string, string][] = [];
  const type = card.type === undefined ? undefined : plain<LogicalType>(card.type);
  for (const key of ["min", "max"] as const) {
    const rule = card[key];
    if (rule === undefined || type === undefined) continue;
    const value = plain<Bound>(rule);
    if (!boundFits(value, type)) problems.push([key, `${JSON.stringify(value)} does not fit type ${type}`]);
  }
  const [min, max] = [card.min, card.max].map((rule) =>
    rule === undefined ? undefined : plain<Bound>(rule),
  );
  if (min !== undefined && max !== undefined) {
    if (typeof min !== typeof max) problems.push(["max", "is of another kind than min"]);
    else if (min > max) problems.push(["min", `${min} is more than max ${max}`]);
  }
  for (const value of card.values === undefined ? [] : plain<readonly Scalar[]>(card.values)) {
    if (type !== undefined && !valueFits(value, type))
      problems.push(["values", `${JSON.stringify(value)} does not fit type ${type}`]);
  }
  return problems;
}

/** Whether a column of `type` can be compared with `value`. */
export function boundFits(value: Bound, type: LogicalType): boolean {
  if (type === "date" || type === "timestamp") return typeof value === "string";
  return typeof value === "number" && (type === "integer" || type === "double" || type === "decimal");
}

/** Whether a column of `type` can hold `value`. */
export function valueFits(value: Scalar, type: LogicalType): boolean {
  switch (type) {
    case "string":
      return true;
    case "boolean":
      return typeof value === "boolean";
    case "date":
    case "timestamp":
      return typeof value === "string" && isRealTime(value);
    default:
      return typeof value === "number";
  }
}
