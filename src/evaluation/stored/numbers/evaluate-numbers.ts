import { storedQuantileMetrics } from "../../../metrics/quantile/stored/stored-quantile.ts";
import { storedRegression } from "../../../metrics/regression/stored/stored-regression.ts";
import type { Outcome } from "../../outcome.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { outcomeOfNumbers } from "./number-outcome.ts";
import { withStoredWays } from "./stored-ways.ts";

/** `evaluateFromDisk` of a regression, or of quantiles and intervals. */
export async function evaluateNumbers(work: StoredEvaluation): Promise<Outcome> {
  const { columns } = work;
  const task = columns.prediction === undefined ? "quantile" : "regression";
  const levels = {
    quantiles: columns.quantiles.map((one) => one.level),
    intervals: columns.intervals.map((one) => one.level),
  };
  return await outcomeOfNumbers(work, {
    task,
    columns,
    measure: async ({ table }) =>
      await withStoredWays(
        work,
        async (ways) =>
          await (task === "quantile"
            ? storedQuantileMetrics(table, levels, ways)
            : storedRegression(table, ways)),
      ),
  });
}
