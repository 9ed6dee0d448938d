import type { Check } from "../plan/check.ts";
import { clean, counted } from "./figures.ts";
import { tableLines } from "./text-table.ts";
import { limitText } from "./wording.ts";

/** What a dry run prints: every rule with its limit in lines of `width` cells, and with `queries` the SQL that would be run. */
export function planText(
  checks: readonly Check[],
  queries: readonly string[],
  { isVerbose, width }: { readonly isVerbose: boolean; readonly width: number },
): string {
  const rows = checks.map((check) => ({ cells: [check.severity, clean(check.name), limitText(check)] }));
  return [
    ...tableLines([{ cells: ["severity", "rule", "limit"] }, ...rows], width),
    ...(isVerbose ? ["", ...queries.map((sql) => `${sql};\n`)] : []),
    "",
    `${counted(checks.length, "check")} in ${queries.length} ${queries.length === 1 ? "query" : "queries"}. Nothing was judged, no report was written (--dry-run).`,
  ].join("\n");
}
