import { measureTable, type StoredTable, type StoredWays } from "../../stored/stored-table.ts";
import { measuredPowers } from "../deviances.ts";
import { groupMetrics, type RegressionMetrics, usualPowers } from "../regression.ts";
import { measureStoredSample } from "./stored-sample.ts";

/**
 * `regressionMetrics` of rows that do not fit into memory: they are sorted in files, group after group, and looked at some at a time. The
 * figures are those of rows in memory to the last bit. Columns: truths, predictions, weights where there are any. Throws as `measureTable`
 * does.
 */
export async function storedRegression(table: StoredTable, ways: StoredWays): Promise<RegressionMetrics> {
  const powers = measuredPowers(usualPowers);
  const rounds = { all: 10, group: 8 };
  return await measureTable(table, { ...ways, rounds }, async (sample, { rows, isWhole, ways: sorting }) => {
    const figures = await measureStoredSample(sample, { ...sorting, powers, wantsDetails: isWhole });
    const metrics = groupMetrics(figures, { rows, tweediePowers: usualPowers });
    return isWhole ? { ...metrics, ...figures.details } : metrics;
  });
}
