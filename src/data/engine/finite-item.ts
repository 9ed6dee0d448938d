import type { PlanColumn } from "../plan/column.ts";
import type { Answer, Measure } from "../plan/measure.ts";
import type { ScanItem } from "./scan.ts";

/**
 * NaN and infinities are looked for in every column of doubles, and seldom there: one count of what is not finite answers both
 * questions with none. Undefined for other measures.
 */
export function finiteItem(
  measure: Measure,
  columns: ReadonlyMap<string, PlanColumn>,
  settle: (answer: Answer) => void,
): ScanItem | undefined {
  if (measure.kind !== "count" || measure.where === undefined) return undefined;
  const { where } = measure;
  if (where.op !== "is-nan" && where.op !== "is-infinite") return undefined;
  if (columns.get(where.column)?.type !== "double") return undefined;
  return {
    width: 1,
    aggregates: (scope) => [`count_if(NOT isfinite(${scope.typed(where.column)}))`],
    take([count]) {
      if (Number(count ?? 0) === 0) settle({ kind: "value", value: 0 });
    },
    fail: () => {},
  };
}
