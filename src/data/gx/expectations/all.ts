import type { ExpectationRule } from "../expectation.ts";
import { aggregateRules } from "./aggregates.ts";
import { orderRules } from "./column-map-order.ts";
import { outlierRules } from "./column-map-outliers.ts";
import { parseRules } from "./column-map-parse.ts";
import { rangeRules } from "./column-map-ranges.ts";
import { setRules } from "./column-map-sets.ts";
import { textRules } from "./column-map-text.ts";
import { typeRules } from "./column-map-types.ts";
import { distinctRules } from "./distinct.ts";
import { klDivergenceRules } from "./kl-divergence.ts";
import { mostCommonRules } from "./most-common.ts";
import { multicolumnRules } from "./multicolumn.ts";
import { pairRules } from "./pairs.ts";
import { quantileRules } from "./quantiles.ts";
import { queryRules } from "./queries.ts";
import { tableRules } from "./table.ts";

/** The 59 expectations that Great Expectations 1.24.1 registers, by their names. */
export const allRules: Readonly<Record<string, ExpectationRule>> = {
  ...rangeRules,
  ...setRules,
  ...textRules,
  ...parseRules,
  ...orderRules,
  ...outlierRules,
  ...typeRules,
  ...pairRules,
  ...multicolumnRules,
  ...aggregateRules,
  ...quantileRules,
  ...distinctRules,
  ...mostCommonRules,
  ...klDivergenceRules,
  ...tableRules,
  ...queryRules,
};
