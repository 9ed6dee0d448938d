import type { PlanColumn } from "../plan/column.ts";
import type { Measure } from "../plan/measure.ts";
import type { TableFacts } from "./facts.ts";
import type { ScanItem } from "./scan.ts";

/**
 * NaN and infinities are looked for in every column of doubles, and seldom there: one count of what is not finite answers both
 * questions with none. For "missing" the footers have to know the nulls. Undefined for other measures.
 */
export function finiteItem(
  measure: Measure,
  facts: TableFacts | undefined,
  columns: readonly PlanColumn[],
): ScanItem | undefined {
  if (measure.kind !== "count" || measure.where === undefined) return undefined;
  const { where } = measure;
  if (where.op !== "is-nan" && where.op !== "is-infinite" && where.op !== "is-missing") return undefined;
  const column = columns.find((one) => one.name === where.column);
  if (column?.type !== "double") return undefined;
  const nulls = where.op === "is-missing" ? facts?.columns.get(where.column)?.nulls : 0;
  if (nulls === undefined) return undefined;
  return {
    measure,
    aggregates: (scope) => [`count_if(NOT isfinite(${scope.typed(where.column)}))`],
    answer: ([count]) => (Number(count ?? 0) === 0 ? { kind: "value", value: nulls } : undefined),
  };
}
