import type { ConfigFile } from "../../config/config-file.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import { formOf } from "../../data/contract/resolve-cards.ts";
import type { TableCheck } from "../../data/contract/table-checks-form.ts";
import { listOf } from "../../data/contract/values.ts";
import type { Suite } from "../../data/gx/suite.ts";
import type { ValidationCheck } from "../../results/validation-report.ts";

export interface RuleFiles {
  readonly contract: ContractSource;
  /** Undefined where there is none. */
  readonly file: ConfigFile | undefined;
  /** Keys above the contract's own: `validate` in mlops.yaml. */
  readonly prefix: readonly string[];
  readonly suites: readonly Suite[];
  /** The files of the last of `suites`; those before were stated in the contract. */
  readonly suiteFiles: readonly string[];
}

export interface RulePlace {
  readonly file: string;
  /** From 1; undefined where only the file is known. */
  readonly line: number | undefined;
}

/** Where a rule is written, as near as can be told; undefined for those that nobody wrote. */
export function placeOfRule(check: ValidationCheck, files: RuleFiles): RulePlace | undefined {
  const suite = files.suites.findIndex((one) => one.name === check.suite);
  const suiteFile = files.suiteFiles[suite - (files.suites.length - files.suiteFiles.length)];
  if (check.suite !== null && suite >= 0 && suiteFile !== undefined)
    return { file: suiteFile, line: undefined };
  const { file, contract, prefix } = files;
  if (check.isDefault || file === undefined) return undefined;
  const located = file.locate([...prefix, ...pathOf(check, contract)]);
  const line = /:(\d+)$/.exec(located)?.[1];
  return { file: file.path, line: line === undefined ? undefined : Number(line) };
}

function pathOf(check: ValidationCheck, contract: ContractSource): (string | number)[] {
  if (check.suite !== null) return ["checks"];
  if (check.kind === "row_count") return ["rows"];
  if (check.kind === "freshness") return ["freshness"];
  if (check.name === "extra_columns" || check.name === "column_order") return [check.name];
  const stated = (contract.checks ?? []).findIndex((one) => isOf(check, one));
  if (stated >= 0) return ["checks", stated];
  const unique = (contract.unique ?? []).findIndex((one) => isUniqueOf(check, one));
  if (unique >= 0) return ["unique", unique];
  const cards = contract.columns ?? [];
  const own = cards.findIndex((card) => card.name !== undefined && card.name === check.column);
  const { column } = check;
  const fitting = cards.findIndex(
    (card) => card.match !== undefined && column !== null && formOf(card.match).test(column),
  );
  const card = own >= 0 ? own : fitting;
  return card < 0 ? [] : ["columns", card];
}

function isUniqueOf(check: ValidationCheck, written: NonNullable<ContractSource["unique"]>[number]): boolean {
  if (check.kind !== "unique") return false;
  const columns = "columns" in written ? written.columns : written;
  const name = "columns" in written ? written.name : undefined;
  return check.name === (name ?? `unique(${columns.join(", ")})`);
}

/** By its name; the name that a rule has of itself begins with what was written. */
function isOf(check: ValidationCheck, written: TableCheck): boolean {
  if (written.name !== undefined) return written.name === check.name;
  return ["assert", "sql", "script", "in"].some((key) => {
    const text =
      key in written ? textOf(Object.entries(written).find(([name]) => name === key)?.[1]) : undefined;
    if (text === undefined || !check.name.startsWith(`${key}(`)) return false;
    const shown = check.name
      .slice(key.length + 1, -1)
      .replace(/ -> .*$/s, "")
      .replace(/…$/, "");
    return text.startsWith(shown);
  });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim().replaceAll(/\s+/g, " ");
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value !== "object" || value === null || !("columns" in value)) return undefined;
  const { columns } = value;
  return typeof columns === "string" || Array.isArray(columns) ? listOf(columns).join(", ") : undefined;
}
