import { setImmediate } from "node:timers/promises";
import type { LabelRows } from "./label-rows.ts";
import { RowWalk } from "./row-walk.ts";

/** Rows that can be gone along more than once, stretch by stretch. */
export interface LabelStretches {
  /** Labels. */
  readonly size: number;
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  readonly isWeighted: boolean;
  /** In memory that the next stretch may use again. */
  stretches(): AsyncIterable<LabelRows> | Iterable<LabelRows>;
}

/** What the rows tell one by one. Others have their turn after each stretch. Throws the reason of an aborted signal. */
export async function measureRows(
  { size, groups, isWeighted, stretches }: LabelStretches,
  {
    signal,
    onRows,
  }: { readonly signal: AbortSignal | undefined; readonly onRows?: (rows: LabelRows) => void },
): Promise<RowWalk["groups"]> {
  const walk = new RowWalk(size, groups, isWeighted);
  for await (const rows of stretches()) {
    signal?.throwIfAborted();
    walk.add(rows);
    onRows?.(rows);
    await setImmediate();
  }
  if (!walk.wantsMore) return walk.groups;
  for await (const rows of stretches()) {
    signal?.throwIfAborted();
    walk.addAgain(rows);
    await setImmediate();
  }
  return walk.groups;
}
