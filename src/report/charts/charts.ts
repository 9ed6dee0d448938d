import type { Chart, ChartSide } from "./chart.ts";
import { classCharts } from "./class-charts.ts";
import { confusionChart } from "./confusion-chart.ts";
import { horizonChart } from "./horizon-chart.ts";
import { calibrationChart, coverageChart, scoreHistogramChart } from "./probability-charts.ts";
import { atKChart } from "./ranking-chart.ts";
import { regressionCharts } from "./regression-charts.ts";
import { subgroupCharts } from "./subgroup-charts.ts";

/**
 * All charts that the results hold something for, each under a name of its own (in any case of letters: they become files). Several
 * results are laid over each other, the first one's groups decide.
 */
export function chartsOf(sides: readonly ChartSide[]): Chart[] {
  const [first] = sides;
  if (first === undefined) return [];
  const alone = sides.length > 1 ? [] : [scoreHistogramChart(first), confusionChart(first)];
  const charts = [
    ...classCharts(sides),
    calibrationChart(sides),
    ...alone,
    coverageChart(sides),
    atKChart(sides),
    horizonChart(sides),
    ...regressionCharts(sides),
    ...subgroupCharts(sides),
  ].flatMap((chart) => (chart === undefined ? [] : [chart]));
  const taken = new Map<string, number>();
  return charts.map((chart) => {
    const key = chart.name.toLowerCase();
    const times = (taken.get(key) ?? 0) + 1;
    taken.set(key, times);
    return times === 1 ? chart : { ...chart, name: `${chart.name}.${times}` };
  });
}
