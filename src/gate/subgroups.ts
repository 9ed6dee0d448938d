import { type CheckFrame, type GateCheck, unresolved } from "./check.ts";
import type { Evaluation, MeasuredGroup } from "./evaluation.ts";
import type { GatePolicy } from "./policy.ts";

/** The groups of one column, or one group that was named. */
export interface GroupSelection {
  /** `sex`, `sex=female`, or `(groups)` where the files name no column. */
  readonly label: string;
  /** In a fixed order. */
  readonly keys: readonly string[];
}

/** What `--subgroup` selects of the two sides, or all that they hold; a selector that finds nothing has no keys. */
export function selectGroups(
  selectors: readonly string[],
  candidate: Evaluation,
  baseline: Evaluation | undefined,
): readonly GroupSelection[] {
  const all = new Map([...(baseline?.groups ?? []), ...candidate.groups]);
  const sorted = [...all.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (selectors.length === 0) {
    const labels = [...new Set(sorted.map((group) => group.column ?? "(groups)"))];
    return labels.map((label) => ({
      label,
      keys: sorted.filter((group) => (group.column ?? "(groups)") === label).map((group) => group.key),
    }));
  }
  return selectors.map((label) => ({
    label,
    keys: sorted.filter((group) => group.column === label || group.key === label).map((group) => group.key),
  }));
}

/**
 * One rule over the groups of one selection. `compare` makes the check of a group that is large enough. Never a vacuous pass:
 * where the selection is empty, or no group of it could be checked, an error stands for all of them.
 */
export function checkGroups(
  selection: GroupSelection,
  frame: Omit<CheckFrame, "subgroup">,
  sides: {
    readonly candidate: Evaluation;
    /** Undefined for absolute limits. */
    readonly baseline: Evaluation | undefined;
    readonly minimum: GatePolicy["minimum"];
    readonly compare: (
      key: string,
      candidate: MeasuredGroup,
      baseline: MeasuredGroup | undefined,
    ) => GateCheck;
  },
): GateCheck[] {
  if (selection.keys.length === 0) {
    const reason = "missing: no result has this subgroup";
    return [unresolved({ ...frame, subgroup: selection.label }, "error", reason)];
  }
  const checks = selection.keys.map((key) => {
    const own = { ...frame, subgroup: key };
    const candidate = sides.candidate.groups.get(key);
    const baseline = sides.baseline?.groups.get(key);
    if (candidate === undefined)
      return unresolved(own, "error", "missing: the baseline has it, the candidate has not");
    const small = tooSmall(candidate, sides.minimum) ?? (baseline && tooSmall(baseline, sides.minimum));
    if (small !== undefined) return unresolved(own, "skipped", `insufficient: ${small}`);
    if (sides.baseline !== undefined && baseline === undefined)
      return unresolved(
        own,
        "skipped",
        "new: the baseline does not have it, so there is nothing to compare with",
      );
    return sides.compare(key, candidate, baseline);
  });
  if (checks.some((check) => check.verdict !== "skipped")) return checks;
  const reason = "no group of it could be checked";
  return [...checks, unresolved({ ...frame, subgroup: selection.label }, "error", reason)];
}

function tooSmall(group: MeasuredGroup, minimum: GatePolicy["minimum"]): string | undefined {
  const short = (
    [
      ["rows", group.count, minimum.rows],
      ["positives", group.positives, minimum.positives],
      ["negatives", group.negatives, minimum.negatives],
    ] as const
  ).filter(([, count, needed]) => count !== null && count < needed);
  if (short.length === 0) return undefined;
  return short.map(([name, count, needed]) => `${count} ${name}, ${needed} needed`).join("; ");
}
