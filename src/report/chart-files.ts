import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { removeFile } from "../files.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { chartSvg } from "./chart-svg.ts";
import { madeBy } from "./charts/chart.ts";
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

const endings = [".svg", ".png", ".vl.json"] as const;

/**
 * Removes the charts of an earlier start from a folder, which need not be there; other files stay. Throws `usage` where it is no
 * folder.
 */
export async function removeChartFiles(folder: string): Promise<void> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw new MlopsError({
      kind: "usage",
      code: "FOLDER_NOT_MADE",
      message: `Charts cannot be written to ${folder}: ${messageOf(error)}.`,
      hint: "Give the name of a folder; it is made where it is missing.",
      cause: error,
    });
  });
  for (const file of files.filter((one) => one.endsWith(".vl.json"))) {
    const text = await readFile(path.join(folder, file), "utf8").catch(() => "");
    if (!text.includes(`"${madeBy}"`)) continue;
    const name = file.slice(0, -".vl.json".length);
    for (const ending of endings) await removeFile(path.join(folder, `${name}${ending}`));
  }
}
