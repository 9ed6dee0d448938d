import type { ExpectationRule } from "./expectation.ts";
import { aggregateRules } from "./expectations/aggregates.ts";
import { orderRules } from "./expectations/column-map-order.ts";
import { outlierRules } from "./expectations/column-map-outliers.ts";
import { rangeRules } from "./expectations/column-map-ranges.ts";
import { setRules } from "./expectations/column-map-sets.ts";
import { typeRules } from "./expectations/column-map-types.ts";
import { distinctRules } from "./expectations/distinct.ts";
import { klDivergenceRules } from "./expectations/kl-divergence.ts";
import { mostCommonRules } from "./expectations/most-common.ts";
import { multicolumnRules } from "./expectations/multicolumn.ts";
import { pairRules } from "./expectations/pairs.ts";
import { quantileRules } from "./expectations/quantiles.ts";
import { queryRules } from "./expectations/queries.ts";
import { tableRules } from "./expectations/table.ts";

/** Every expectation that is supported, by its name. Assembled from the files of `expectations/`. */
export const expectationRules: Readonly<Record<string, ExpectationRule>> = {
  ...rangeRules,
  ...setRules,
  ...orderRules,
  ...outlierRules,
  ...typeRules,
  ...pairRules,
  ...multicolumnRules,
  ...aggregateRules,
  ...distinctRules,
  ...mostCommonRules,
  ...quantileRules,
  ...klDivergenceRules,
  ...tableRules,
  ...queryRules,
};
