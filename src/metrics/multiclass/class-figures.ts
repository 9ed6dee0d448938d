import type { Totals } from "../binary/totals.ts";
import type { ClassCurves } from "../details.ts";

/** How the probabilities of one class rank the rows of one group. */
export interface ClassFigures {
  /** Sum of weights (number of rows) of the class. */
  readonly own: number;
  /** Of all rows. */
  readonly all: number;
  /** By truth: twice the weight of the pairs with a row of the class that stand rightly, ties half. */
  readonly doubled: Float64Array;
  /** Sum of the precisions at the rows of the class. */
  readonly precisions: number;
}

/** One class against the rest. */
export interface ClassRanking {
  /** All rows first, then by grouping; by group. */
  readonly groups: readonly (readonly ClassFigures[])[];
  /** Of all rows. */
  readonly curves: Omit<ClassCurves, "class"> | undefined;
}

/** One class whose rows are gone down. */
export interface RankedClass {
  readonly index: number;
  /** Of its curves; undefined: none are drawn. */
  readonly totals: Totals | undefined;
}
