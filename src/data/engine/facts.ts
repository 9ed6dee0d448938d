import type { PlanColumn } from "../plan/column.ts";
import type { Measure } from "../plan/measure.ts";
import type { TableFacts } from "./column-facts.ts";
import { provable } from "./proven.ts";
import type { ScanItem } from "./scan.ts";

/**
 * One item for each column whose facts could settle some of `measures`. Bare counts and extremes read every page of a column, so
 * that damage is noticed, and cost less than the counts of rows that break a rule, which they mostly prove to be 0. Footers say
 * the same for nothing, but a footer is not the data.
 */
export function factItems(
  measures: readonly Measure[],
  byName: ReadonlyMap<string, PlanColumn>,
  facts: TableFacts,
): ScanItem[] {
  const wanted = new Map<string, boolean>();
  for (const measure of measures) {
    const found = provable(measure, byName);
    if (found !== undefined) wanted.set(found.column, (wanted.get(found.column) ?? false) || found.byRange);
  }
  return [...wanted].flatMap(([name, hasRange]) => {
    const about = byName.get(name);
    return about === undefined ? [] : [factItem(about, hasRange, facts)];
  });
}

function factItem({ name, type }: PlanColumn, hasRange: boolean, facts: TableFacts): ScanItem {
  const isDouble = type === "double";
  return {
    width: 4,
    aggregates(scope) {
      const value = scope.typed(name);
      return [
        `count(*) - count(${scope.raw(name)})`,
        ...(isDouble ? [`count_if(NOT isfinite(${value}))`] : []),
        ...(hasRange ? [`min(${value})`, `max(${value})`] : []),
      ];
    },
    take(cells) {
      const [nulls, notFinite] = [Number(cells[0]), isDouble ? Number(cells[1]) : 0];
      const [min, max] = cells.slice(isDouble ? 2 : 1);
      const isKnown = min !== undefined && min !== null && max !== undefined && max !== null;
      facts.set(name, {
        nulls,
        allFinite: isDouble ? notFinite === 0 : undefined,
        range: isKnown && notFinite === 0 ? { min, max } : undefined,
      });
    },
    // Whoever wanted to know asks for itself.
    fail: () => {},
  };
}
