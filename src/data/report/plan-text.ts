import type { CompiledPlan } from "../engine/compile.ts";
import { limitOf, type Plan } from "../plan/plan.ts";
import { tableLines } from "./text-table.ts";
import { clean, counted } from "./wording.ts";

/** What a dry run prints: every rule with its limit, and the SQL where asked for. */
export function planText(plan: Plan, compiled: CompiledPlan, isVerbose: boolean): string {
  const rows = plan.checks.map((check) => {
    const limit = limitOf(check);
    const shown = Array.isArray(limit) ? limit.slice(0, 5).join(", ") : String(limit ?? "-");
    return { cells: [clean(check.name), check.severity, clean(shown)] };
  });
  const queries = [...compiled.scans, ...compiled.unique.map((one) => one.sql)];
  return [
    ...tableLines([{ cells: ["rule", "severity", "limit"] }, ...rows], 160),
    ...(isVerbose ? ["", ...queries.map((sql) => `${sql};\n`)] : []),
    "",
    `${counted(plan.checks.length, "check")} in ${queries.length} ${queries.length === 1 ? "query" : "queries"}. Nothing was judged, no report was written (--dry-run).`,
  ].join("\n");
}
