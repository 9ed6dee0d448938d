import { openDuckDb } from "../../data/engine/duckdb.ts";
import { availableBytes } from "../../data/engine/limits.ts";
import { openTable } from "../../data/sources/source.ts";
import { MlopsError } from "../../errors.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import type { EvaluationColumns, SubgroupColumns } from "../columns.ts";
import { evalSetOf, scoresDigest } from "../eval-set.ts";
import { survivalsByName } from "../known-columns.ts";
import { readTable, type TableData } from "../read/read-table.ts";
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
      const columns = columnsOf(names, results);
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

/** The names that `keepScores` gives. Horizons and training errors are not read. */
function columnsOf(names: readonly string[], { columns, task }: EvaluationResults): EvaluationColumns {
  const has = (name: string) => (names.includes(name) ? name : undefined);
  const levelled = (ending: string) =>
    names.flatMap((name) => {
      const level = Number(name.startsWith("interval_") ? name.slice(9, -ending.length) : Number.NaN);
      return name.endsWith(ending) && level > 0 && level < 1 ? [level] : [];
    });
  if (has("row_id") === undefined)
    throw new MlopsError({
      kind: "not-evaluable",
      code: "KEPT_SCORES_WITHOUT_IDS",
      message: "The kept scores have no row ids.",
      hint: "Evaluate again with --row-id.",
    });
  const labels = Object.keys(columns.labels ?? {}).map((name) => ({
    class: name,
    label: `label_${name}`,
    score: has(`score_${name}`),
    prediction: has(`prediction_${name}`),
  }));
  return {
    label: labels[0]?.label ?? (task === "survival" ? "duration" : "label"),
    labels,
    event: task === "survival" ? "event" : undefined,
    forecast: {
      horizon: undefined,
      series: task === "forecasting" ? has("series") : undefined,
      trainingMae: undefined,
      trainingRmse: undefined,
    },
    score: has("score"),
    prediction: has("prediction"),
    probabilities: names
      .filter((name) => name.startsWith("probability_"))
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
    survivals: task === "survival" ? survivalsByName(names) : [],
    weight: has("weight"),
    query: has("query"),
    rowId: "row_id",
    subgroups: columns.subgroups.flatMap((name) => subgroupOf(name, names)),
    guessed: [],
  };
}

/** Names that the measured columns have; a subgroup column of such a name was kept under another, and is left out. */
const taken =
  /^(row_id|label|score|prediction|weight|query|horizon|series|duration|event|(subgroup|survival|label|score|prediction|probability|quantile|interval)_.*)$/i;

function subgroupOf(name: string, names: readonly string[]): SubgroupColumns[] {
  const columns = names.includes(name) ? [name] : name.split("*");
  return columns.every((column) => names.includes(column) && !taken.test(column)) ? [{ name, columns }] : [];
}
