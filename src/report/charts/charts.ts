import type { Chart, ChartSide } from "./chart.ts";
import { classCharts, confusionChart } from "./class-charts.ts";
import { calibrationChart, scoreHistogramChart } from "./probability-charts.ts";
import { regressionCharts } from "./regression-charts.ts";
import { subgroupCharts } from "./subgroup-charts.ts";

/** All charts that the results hold something for; several results are laid over each other, the first one's groups decide. */
export function chartsOf(sides: readonly ChartSide[]): Chart[] {
  const [first] = sides;
  if (first === undefined) return [];
  const alone = sides.length > 1 ? [] : [scoreHistogramChart(first), confusionChart(first)];
  return [
    ...classCharts(sides),
    calibrationChart(sides),
    ...alone,
    ...regressionCharts(sides),
    ...subgroupCharts(sides),
  ].flatMap((chart) => (chart === undefined ? [] : [chart]));
}
