import type { PlanColumn } from "../plan/column.ts";
import type { ColumnRules } from "./column-rules.ts";
import type { ContractSource } from "./contract-form.ts";
import { resolveCards } from "./resolve-cards.ts";
import { type LogicalType, logicalType } from "./values.ts";

export interface MeantType {
  readonly type: LogicalType;
  readonly origin: Extract<PlanColumn["origin"], "declared" | "implied">;
}

/** What a contract says about the types of columns whose text has none, for those of `names` that it says it of. */
export function meantTypes(
  contract: ContractSource,
  names: readonly string[],
): ReadonlyMap<string, MeantType> {
  const found = new Map<string, MeantType>();
  for (const { name, rules } of resolveCards(contract, names).columns) {
    const meant = meantType(rules);
    if (meant !== undefined) found.set(name, meant);
  }
  const time = contract.freshness?.column;
  if (time !== undefined && !found.has(time)) found.set(time, { type: "timestamp", origin: "implied" });
  return found;
}

const numberKeys = ["mean", "median", "stdev", "sum", "quantiles"] as const;
const textKeys = ["pattern", "not_pattern", "length"] as const;

function meantType(rules: ColumnRules): MeantType | undefined {
  const declared = logicalType.safeParse(rules.type?.value);
  if (declared.success) return { type: declared.data, origin: "declared" };
  // A list or a struct is not written as text.
  if (rules.type !== undefined) return undefined;
  const type = typeOfBounds(rules) ?? typeOfFigures(rules) ?? typeOfTexts(rules) ?? typeOfValues(rules);
  return type === undefined ? undefined : { type, origin: "implied" };
}

function typeOfBounds(rules: ColumnRules): LogicalType | undefined {
  const { min, max, greater_than: above, less_than: below } = rules;
  const bounds = [min, max, above, below].flatMap((rule) => (rule === undefined ? [] : [rule.value]));
  if (bounds.length === 0) return undefined;
  if (bounds.some((bound) => typeof bound === "number")) return "double";
  return bounds.every((bound) => String(bound).length === 10) ? "date" : "timestamp";
}

function typeOfFigures(rules: ColumnRules): LogicalType | undefined {
  return numberKeys.some((key) => rules[key] !== undefined) ? "double" : undefined;
}

function typeOfTexts(rules: ColumnRules): LogicalType | undefined {
  return textKeys.some((key) => rules[key] !== undefined) ? "string" : undefined;
}

function typeOfValues({ values, not_values: forbidden }: ColumnRules): LogicalType | undefined {
  const all = [...(values?.value ?? []), ...(forbidden?.value ?? [])];
  if (all.length === 0) return undefined;
  if (all.every((value) => typeof value === "number")) return "double";
  return all.every((value) => typeof value === "boolean") ? "boolean" : "string";
}
