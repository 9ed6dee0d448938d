import { openDuckDb } from "../../data/engine/duckdb.ts";
import { availableBytes } from "../../data/engine/limits.ts";
import { openTable } from "../../data/sources/source.ts";
import { MlopsError } from "../../errors.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import type { EvaluationColumns, SubgroupColumns } from "../columns.ts";
import { evalSetOf, scoresDigest } from "../eval-set.ts";
import type { PredictionColumns } from "../prediction-columns.ts";
import { readTable } from "../read/read-table.ts";
import type { TableData } from "../read/table-data.ts";
import { orderRowIds } from "../row-ids.ts";
import { scoreColumns } from "../score-facts.ts";

/** The rows that a result was measured on. */
export interface KeptRows {
  readonly data: TableData;
  /** The rows in the order of their ids; undefined: as they stand. */
  readonly order: Uint32Array | undefined;
}

/**
 * Reads the kept scores (`scores.parquet`) of a result, and proves by both digests that they are those of the result: same rows, same
 * labels, same scores, whatever the order of the file. `uri` is theirs, for messages. Throws `not-evaluable` where they are not.
 */
export async function readKept(
  file: string,
  results: EvaluationResults,
  options: { readonly uri: string; readonly cwd: string; readonly signal: AbortSignal },
): Promise<KeptRows> {
  const { uri, signal, cwd } = options;
  const db = await openDuckDb({ signal });
  try {
    const source = await openTable([file], db, { cwd, signal, readsAhead: true });
    try {
      const names = source.columns.map((column) => column.name);
      const columns = columnsOf(names, results, uri);
      const data = await readTable(db, source, {
        uri,
        columns,
        task: results.task,
        positiveClass: undefined,
        classes: results.confusionMatrix?.classes ?? [],
        hasModel: false,
        maxGroups: Number.MAX_SAFE_INTEGER,
        availableBytes: await availableBytes(),
      });
      const order = await orderRowIds(db, source, { uri, column: "row_id", rows: data.rows });
      const evalSet = await evalSetOf(data.labels, order, signal);
      if (evalSet.sha256 !== results.evalSet.sha256)
        throw otherRows(uri, "the rows are not those of the result");
      if ((await scoresDigest(scoreColumns(data), order, signal)) !== results.scores.sha256)
        throw otherRows(uri, "the scores are not those of the result");
      return { data, order: order.rows };
    } finally {
      source.close();
    }
  } finally {
    await db.close();
  }
}

function otherRows(uri: string, what: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "KEPT_SCORES_DIFFER",
    message: `${uri}: ${what}.`,
    hint: "Evaluate again with --row-id and --scores-path.",
  });
}

/**
 * The names that `keepScores` gives; a subgroup column of such a name was kept under another, and is left out. Horizons and training errors
 * are not read. Throws `not-evaluable` where the table is not what the result says.
 */
function columnsOf(names: readonly string[], results: EvaluationResults, uri: string): EvaluationColumns {
  const { columns, task } = results;
  if (!names.includes("row_id"))
    throw new MlopsError({
      kind: "not-evaluable",
      code: "KEPT_SCORES_WITHOUT_IDS",
      message: "The kept scores have no row ids.",
      hint: "Evaluate again with --row-id.",
    });
  const truth = truthOf(names, results);
  const where = (name: string, original: unknown) => (typeof original === "string" ? name : undefined);
  const series = where("series", columns.series);
  const [weight, query] = [where("weight", columns.weight), where("query", columns.query)];
  const needed = [truth.label, truth.event, ...truth.labels.map((one) => one.label), series, weight, query];
  const lacking = needed.find((name) => name !== undefined && !names.includes(name));
  if (lacking !== undefined) throw otherRows(uri, `there is no column ${lacking}`);
  const made = madeOf(names, results);
  const { score, prediction, probabilities, quantiles, intervals, survivals } = made;
  const used = new Set([
    ...["row_id", where("horizon", columns.horizon), score, prediction, ...needed],
    ...truth.labels.flatMap((one) => [one.score, one.prediction]),
    ...[...probabilities, ...quantiles, ...survivals].map((one) => one.column),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
  ]);
  const subgroupOf = (name: string): SubgroupColumns[] => {
    const parts = names.includes(name) ? [name] : name.split("*");
    const isKept = (column: string) => names.includes(column) && !used.has(column);
    return parts.every(isKept) ? [{ name, columns: parts }] : [];
  };
  const forecast = { horizon: undefined, series, trainingMae: undefined, trainingRmse: undefined };
  return {
    ...truth,
    ...made,
    forecast: task === "forecasting" ? forecast : undefined,
    weight,
    query,
    rowId: "row_id",
    subgroups: columns.subgroups.flatMap(subgroupOf),
    guessed: [],
  };
}

/** What was to be predicted; labels in the order of the file. */
function truthOf(
  names: readonly string[],
  { columns, task }: EvaluationResults,
): Pick<EvaluationColumns, "label" | "labels" | "event"> {
  const has = (name: string) => (names.includes(name) ? name : undefined);
  const labels = Object.keys(columns.labels ?? {})
    .map((name) => ({
      class: name,
      label: `label_${name}`,
      score: has(`score_${name}`),
      prediction: has(`prediction_${name}`),
    }))
    .toSorted((one, other) => names.indexOf(one.label) - names.indexOf(other.label));
  const label = labels[0]?.label ?? (task === "survival" ? "duration" : "label");
  return { label, labels, event: task === "survival" ? "event" : undefined };
}

/** What the model made. */
function madeOf(names: readonly string[], { columns, task }: EvaluationResults): PredictionColumns {
  const has = (name: string) => (names.includes(name) ? name : undefined);
  const levelled = (ending: string) =>
    names.flatMap((name) => {
      const level = Number(name.startsWith("interval_") ? name.slice(9, -ending.length) : Number.NaN);
      return name.endsWith(ending) && level > 0 && level < 1 ? [level] : [];
    });
  return {
    score: has("score"),
    prediction: has("prediction"),
    probabilities: names
      .filter((name) => task === "multiclass" && name.startsWith("probability_"))
      .map((column) => ({ class: column.slice("probability_".length), column })),
    quantiles: names.flatMap((column) => {
      const level = Number(column.startsWith("quantile_") ? column.slice("quantile_".length) : Number.NaN);
      return level > 0 && level < 1 ? [{ level, column }] : [];
    }),
    intervals: levelled("_lower").map((level) => ({
      level,
      lower: `interval_${level}_lower`,
      upper: `interval_${level}_upper`,
    })),
    survivals: Object.keys(columns.survivals ?? {})
      .flatMap((time) => {
        const column = has(`survival_${time}`);
        return column === undefined ? [] : [{ time: Number(time), column }];
      })
      .toSorted((one, other) => one.time - other.time),
  };
}
