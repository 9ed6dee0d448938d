import type { EvaluationResults } from "../results/evaluation-results.ts";
import { chartSvg } from "./chart-svg.ts";
import { chartsOf } from "./charts/charts.ts";
import { renderPng } from "./render-png.ts";

export interface ChartFile {
  /** Without a folder: `roc.svg`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Every chart of the results three times: `NAME.svg`, `NAME.png` for what shows no SVG, and `NAME.vl.json` to restyle it. */
export async function* chartFiles(results: EvaluationResults): AsyncGenerator<ChartFile> {
  for (const chart of chartsOf([{ label: "", results }])) {
    const svg = await chartSvg(chart);
    yield { name: `${chart.name}.svg`, content: `${svg}\n` };
    yield { name: `${chart.name}.png`, content: await renderPng(svg) };
    yield { name: `${chart.name}.vl.json`, content: `${JSON.stringify(chart.spec, undefined, 1)}\n` };
  }
}
