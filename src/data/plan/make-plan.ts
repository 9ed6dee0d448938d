import {
  type Bound,
  boundFits,
  type ColumnCard,
  type ContractSource,
  type LogicalType,
  plain,
  type Scalar,
  type Severity,
  valueFits,
} from "../contract/contract.ts";
import type { CheckKind, Limit, Plan, PlanColumn, PlannedCheck } from "./plan.ts";

export interface PlanInput {
  readonly contract: ContractSource;
  readonly columns: readonly PlanColumn[];
  /** For every column without an own rule on nulls. */
  readonly maxNullRatio: number;
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
}

interface Common {
  readonly name: string;
  readonly severity: Severity;
  readonly allow: number;
  readonly isDefault: boolean;
}

/** What the rules of a card say about the type of a column whose text has none. */
export function meantType(card: ColumnCard | undefined): LogicalType | undefined {
  if (card === undefined) return undefined;
  if (card.type !== undefined) return plain<LogicalType>(card.type);
  const bounds = [card.min, card.max].flatMap((rule) => (rule === undefined ? [] : [plain<Bound>(rule)]));
  if (bounds.some((bound) => typeof bound === "number")) return "double";
  if (bounds.length > 0) return bounds.every((bound) => String(bound).length === 10) ? "date" : "timestamp";
  const values = card.values === undefined ? [] : plain<readonly Scalar[]>(card.values);
  if (values.length === 0) return undefined;
  if (values.every((value) => typeof value === "number")) return "double";
  return values.every((value) => typeof value === "boolean") ? "boolean" : "string";
}

/** Turns a contract and the columns of a table into checks, in the order: table, then column by column. Pure. */
export function makePlan(input: PlanInput): Plan {
  const { contract, columns, maxNullRatio } = input;
  const cards = contract.columns ?? [];
  const checks: PlannedCheck[] = [...rowChecks(input), ...extraChecks(contract, columns)];
  for (const card of cards) {
    const column = columns.find((one) => one.name === card.name);
    checks.push(...requiredCheck(card, column !== undefined));
    if (column === undefined) checks.push(...rulesWithoutColumn(card));
    else checks.push(...cardChecks(card, column, maxNullRatio));
  }
  for (const column of columns) {
    if (cards.some((card) => card.name === column.name)) continue;
    checks.push(
      nullsCheck({ name: column.name }, maxNullRatio),
      ...infiniteCheck({ name: column.name }, column),
    );
  }
  return { columns, checks: [...checks, ...uniqueSets(contract, columns)] };
}

function rowChecks({ contract, minRows, maxRows }: PlanInput): PlannedCheck[] {
  const checks: PlannedCheck[] = [];
  const { min, max } = contract.rows ?? {};
  const lowest = minRows ?? (min === undefined ? 1 : plain<number>(min));
  const isDefault = minRows === undefined && min === undefined;
  const lowRule = minRows === undefined ? min : undefined;
  checks.push({ rule: "rows-min", limit: lowest, ...common(lowRule, "rows.min"), isDefault });
  const highest = maxRows ?? (max === undefined ? undefined : plain<number>(max));
  const highRule = maxRows === undefined ? max : undefined;
  if (highest !== undefined)
    checks.push({ rule: "rows-max", limit: highest, ...common(highRule, "rows.max") });
  return checks;
}

/** Columns without a card. Without any card there is nothing that a column could be beside. */
function extraChecks(contract: ContractSource, columns: readonly PlanColumn[]): PlannedCheck[] {
  const mode = contract.extra_columns ?? "allow";
  if (mode === "allow") return [];
  const known = new Set((contract.columns ?? []).map((card) => card.name));
  const extra = columns.map((column) => column.name).filter((name) => !known.has(name));
  return [{ rule: "extra", columns: extra, ...common({ severity: mode }, "extra_columns") }];
}

function requiredCheck(card: ColumnCard, isPresent: boolean): PlannedCheck[] {
  if (card.required !== undefined && !plain<boolean>(card.required)) return [];
  return [
    { rule: "required", column: card.name, isPresent, ...common(card.required, `required(${card.name})`) },
  ];
}

function cardChecks(card: ColumnCard, column: PlanColumn, maxNullRatio: number): PlannedCheck[] {
  const checks: PlannedCheck[] = [];
  const { name } = card;
  if (card.type !== undefined) {
    const declared = plain<LogicalType>(card.type);
    checks.push({ rule: "type", column: name, declared, ...common(card.type, `type(${name})`) });
  }
  checks.push(nullsCheck(card, maxNullRatio), ...infiniteCheck(card, column));
  for (const rule of ["min", "max"] as const) {
    const written = card[rule];
    if (written === undefined) continue;
    const bound = plain<Bound>(written);
    const shared = common(written, `${rule}(${name})`);
    checks.push(
      column.type !== "other" && boundFits(bound, column.type)
        ? { rule, column: name, bound, ...shared }
        : misfit("range", bound, { column, common: shared }),
    );
  }
  if (card.values !== undefined) checks.push(valuesCheck(card.values, column));
  if (card.unique !== undefined && plain<boolean>(card.unique))
    checks.push({ rule: "unique", columns: [name], ...common(card.unique, `unique(${name})`) });
  return checks;
}

function valuesCheck(written: NonNullable<ColumnCard["values"]>, column: PlanColumn): PlannedCheck {
  const values = plain<readonly Scalar[]>(written);
  const shared = common(written, `values(${column.name})`);
  const { type, name } = column;
  const fits = type !== "other" && values.every((value) => valueFits(value, type));
  if (!fits) return misfit("values", values, { column, common: shared });
  return { rule: "values", column: name, values, ...shared };
}

function nullsCheck(card: Pick<ColumnCard, "name" | "nulls">, maxNullRatio: number): PlannedCheck {
  const { nulls, name } = card;
  const shared = common(nulls, `nulls(${name})`);
  if (nulls === undefined) return { rule: "nulls", column: name, maxRatio: maxNullRatio, ...shared };
  return { rule: "nulls", column: name, maxRatio: nulls === "never" ? 0 : nulls.max_ratio, ...shared };
}

/** Infinite values are no numbers that a model can learn from: they fail unless the card allows them. */
function infiniteCheck(card: Pick<ColumnCard, "name" | "infinite">, column: PlanColumn): PlannedCheck[] {
  const isForbidden = card.infinite === undefined || plain<string>(card.infinite) === "never";
  const canHold = column.type === "double" || (column.storage === "text" && column.type === "decimal");
  if (!isForbidden || !canHold) return [];
  return [{ rule: "infinite", column: card.name, ...common(card.infinite, `infinite(${card.name})`) }];
}

function uniqueSets(contract: ContractSource, columns: readonly PlanColumn[]): PlannedCheck[] {
  return (contract.unique ?? []).map((entry) => {
    const set = "columns" in entry ? entry.columns : entry;
    const shared = common("columns" in entry ? entry : undefined, `unique(${set.join(", ")})`);
    const absent = set.filter((name) => !columns.some((column) => column.name === name));
    if (absent.length === 0) return { rule: "unique", columns: set, ...shared, isDefault: false };
    const reason = `the data has no column ${absent.map((name) => JSON.stringify(name)).join(", ")}`;
    return { ...unjudged("unique", reason, { column: null, common: shared, limit: 0 }), verdict: "error" };
  });
}

function rulesWithoutColumn(card: ColumnCard): PlannedCheck[] {
  const kinds = { type: "type", nulls: "nulls", infinite: "infinite", min: "range", max: "range" } as const;
  const all: Readonly<Record<string, CheckKind>> = { ...kinds, values: "values", unique: "unique" };
  return Object.entries(all).flatMap(([key, kind]) => {
    const written = Object.entries(card).find(([name]) => name === key)?.[1];
    if (written === undefined) return [];
    const shared = common(undefined, `${key}(${card.name})`);
    return [
      unjudged(kind, "the data has no such column", { column: card.name, common: shared, limit: null }),
    ];
  });
}

function misfit(
  kind: CheckKind,
  limit: Limit,
  about: { readonly column: PlanColumn; readonly common: Common },
): PlannedCheck {
  const { column, common: shared } = about;
  const reason = `the rule does not fit a column of type ${column.type} (stored as ${column.storedAs})`;
  return { ...unjudged(kind, reason, { column: column.name, common: shared, limit }), verdict: "error" };
}

function unjudged(
  kind: CheckKind,
  reason: string,
  about: { readonly column: string | null; readonly common: Common; readonly limit: Limit },
): PlannedCheck & { readonly rule: "unjudged" } {
  const { column, limit } = about;
  return { rule: "unjudged", kind, column, verdict: "skipped", reason, limit, ...about.common };
}

function common(written: unknown, name: string): Common {
  const long: Readonly<Record<string, unknown>> =
    typeof written === "object" && written !== null && !Array.isArray(written) ? { ...written } : {};
  const given = long["severity"];
  return {
    name: typeof long["name"] === "string" ? long["name"] : name,
    severity: given === "warn" || given === "info" ? given : "fail",
    allow: typeof long["allow"] === "number" ? long["allow"] : 0,
    isDefault: written === undefined,
  };
}
