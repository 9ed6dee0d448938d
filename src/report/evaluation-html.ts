import type { EvaluationResults } from "../results/evaluation-results.ts";
import { chartsOf } from "./charts/charts.ts";
import { detailSections } from "./detail-tables.ts";
import { inputsSection, metricsSection, subgroupsSection } from "./evaluation-tables.ts";
import { dataName, facts, markup, section } from "./markup.ts";
import { figures, page } from "./page.ts";

/**
 * An evaluation as one HTML page that needs nothing else: no script, no file from anywhere. What was measured on what, metrics with
 * intervals, charts, subgroups worst first, tables of what the charts show, inputs with digests.
 */
export async function evaluationReport(results: EvaluationResults): Promise<string> {
  const title = `Evaluation of ${results.model?.uri ?? results.inputs[0]?.uri ?? "a model"}`;
  return page(title, [
    `<header><h1>${markup(title, 200)}</h1>`,
    `<p class="soft">${markup(sizeLine(results))}</p>`,
    head(results),
    "</header>",
    metricsSection(results),
    section("charts", "Charts", [await figures(chartsOf([{ label: "", results }]))]),
    subgroupsSection(results),
    ...detailSections(results),
    inputsSection(results),
  ]);
}

function sizeLine({ task, count, weight, positives, negatives }: EvaluationResults): string {
  const counted = (amount: number) => amount.toLocaleString("en-US");
  return [
    task,
    `${counted(count)} ${count === 1 ? "row" : "rows"}`,
    ...(positives === null || negatives === null
      ? []
      : [`${counted(positives)} positive, ${counted(negatives)} negative`]),
    ...(weight === undefined ? [] : [`weight ${Number(weight.toPrecision(6)).toLocaleString("en-US")}`]),
  ].join(" · ");
}

function head(results: EvaluationResults): string {
  const { model, runId, evalSet, scores, threshold, columns, versions = {}, tool, queries } = results;
  const by = evalSet.identifiedBy === "row-id" ? "by row ids and labels" : "by the order of the labels";
  const ours = Object.entries(versions).map(([part, version]) => `${part} ${version}`);
  return facts([
    [
      "model",
      model === null
        ? undefined
        : `${dataName(model.uri)} (${markup(model.type)}) <code>${markup(model.sha256)}</code>`,
    ],
    ["run", runId === null ? undefined : `<code>${markup(runId)}</code>`],
    [
      "evaluation set",
      `${evalSet.rows.toLocaleString("en-US")} rows, <code>${markup(evalSet.sha256)}</code> ${by}`,
    ],
    [`${scores.kind}s`, `${scores.dtype}, <code>${markup(scores.sha256)}</code>`],
    ["kept scores", scores.file ? dataName(scores.file.uri) : undefined],
    ["columns", columnsText(columns)],
    ["threshold", threshold === null ? undefined : `1 is predicted from score ${threshold} on`],
    [
      "queries",
      queries === undefined
        ? undefined
        : `${queries.count.toLocaleString("en-US")}, ${queries.withoutRelevant.toLocaleString("en-US")} of them without a relevant row`,
    ],
    ["evaluated", `${markup(results.finishedAt.replace("T", " ").slice(0, 19))} UTC`],
    ["made by", markup([`${tool.name} ${tool.version}`, ...ours].join(", "), 2000)],
  ]);
}

function columnsText(columns: EvaluationResults["columns"]): string {
  const { label, score, prediction, weight, rowId, query, positiveClass } = columns;
  const { probabilities = {}, quantiles = {} } = columns;
  const shown = (column: string) => dataName(column);
  const named = Object.entries({ label, score, prediction, weight, "row id": rowId, query });
  return [
    ...named.flatMap(([role, column]) => (column ? [`${role}: ${shown(column)}`] : [])),
    ...Object.entries(probabilities).map(([one, column]) => `probability of ${shown(one)}: ${shown(column)}`),
    ...Object.entries(quantiles).map(([level, column]) => `quantile ${markup(level)}: ${shown(column)}`),
    ...(positiveClass === null ? [] : [`positive class: ${shown(positiveClass)}`]),
  ].join(", ");
}
