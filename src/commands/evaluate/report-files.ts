import path from "node:path";
import { writeFileAtomically } from "../../files.ts";
import { removeOldResult } from "../../fresh-output.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";

/** Where the user wants to look at an evaluation, as given; undefined: nowhere. */
export interface ReportPlaces {
  readonly report: string | undefined;
  readonly charts: string | undefined;
  readonly metricsFile: string | undefined;
}

export interface ReportFile {
  /** Absolute. */
  readonly file: string;
  /** Its path among the run's artifacts. */
  readonly artifact: string;
}

/**
 * Removes what an earlier start has left in these places. Throws `usage` where a report would stand in the place of an input or
 * another output.
 */
export async function removeOldReports(
  { report, charts, metricsFile }: ReportPlaces,
  taken: {
    readonly inputs: readonly (string | undefined)[];
    readonly outputs: readonly (string | undefined)[];
  },
  cwd: string,
): Promise<void> {
  const { inputs, outputs } = taken;
  if (report !== undefined)
    await removeOldResult({ flag: "--report", file: report, others: outputs }, inputs, cwd);
  const others = [...outputs, report];
  if (metricsFile !== undefined)
    await removeOldResult({ flag: "--metrics-file", file: metricsFile, others }, inputs, cwd);
  if (charts === undefined) return;
  const { removeChartFiles } = await import("../../report/chart-files.ts");
  await removeChartFiles(path.resolve(cwd, charts));
}

/** Writes the reports that are wanted, each file whole or not at all. */
export async function writeReports(
  results: EvaluationResults,
  { report, charts, metricsFile }: ReportPlaces,
  cwd: string,
): Promise<readonly ReportFile[]> {
  const written: ReportFile[] = [];
  const write = async (file: string, artifact: string, content: string | Uint8Array) => {
    const absolute = path.resolve(cwd, file);
    await writeFileAtomically(absolute, content);
    written.push({ file: absolute, artifact });
  };
  if (metricsFile !== undefined) {
    const { openMetrics } = await import("../../report/open-metrics.ts");
    await write(metricsFile, "metrics.txt", openMetrics(results));
  }
  if (report !== undefined) {
    const { evaluationReport } = await import("../../report/evaluation-html.ts");
    await write(report, "evaluation_report.html", await evaluationReport(results));
  }
  if (charts !== undefined) {
    const { chartFiles } = await import("../../report/chart-files.ts");
    for await (const { name, content } of chartFiles(results))
      await write(path.join(charts, name), `evaluation_charts/${name}`, content);
  }
  return written;
}

/** For a person: what was written beside the result. Nothing where that is nothing. */
export function reportNote(
  { report, charts, metricsFile }: ReportPlaces,
  written: readonly ReportFile[],
): readonly string[] {
  const drawn = written.filter((one) => one.artifact.endsWith(".svg")).length;
  const named = [
    report,
    charts === undefined ? undefined : `${charts} (${drawn} ${drawn === 1 ? "chart" : "charts"})`,
    metricsFile,
  ].filter((name) => name !== undefined);
  return named.length === 0 ? [] : [`also written: ${named.join(", ")}`];
}
