/** What is known of a metric by its name. */
export interface MetricFacts {
  /** `roc_auc`: the name of scikit-learn's scorer. */
  readonly name: string;
  /** Undefined for a metric that is not in the table: never guessed. */
  readonly higherIsBetter: boolean | undefined;
  /** Values outside are impossible. */
  readonly smallest: number;
  readonly largest: number;
}

type Row = readonly [
  name: string,
  higherIsBetter: boolean,
  smallest: number,
  largest: number,
  aliases: string,
];

const infinity = Number.POSITIVE_INFINITY;

/** Direction, range and further names (scikit-learn's functions, MLflow's keys, everyday words) of each metric. */
const rows: readonly Row[] = [
  ["roc_auc", true, 0, 1, "auc auroc rocauc auc_roc roc_auc_score"],
  ["roc_auc_ovr", true, 0, 1, ""],
  ["roc_auc_ovo", true, 0, 1, ""],
  ["roc_auc_ovr_weighted", true, 0, 1, ""],
  ["roc_auc_ovo_weighted", true, 0, 1, ""],
  ["average_precision", true, 0, 1, "ap average_precision_score precision_recall_auc"],
  // Trapezoid or step function: the name does not say, so it is a metric of its own.
  ["pr_auc", true, 0, 1, "auprc"],
  ["log_loss", false, 0, infinity, "logloss cross_entropy binary_crossentropy"],
  ["brier", false, 0, 2, "brier_score brier_score_loss brier_loss"],
  ["accuracy", true, 0, 1, "acc accuracy_score"],
  ["balanced_accuracy", true, 0, 1, "balanced_accuracy_score"],
  ["average_precision_macro", true, 0, 1, ""],
  ["average_precision_weighted", true, 0, 1, ""],
  ["average_precision_micro", true, 0, 1, ""],
  ["roc_auc_macro", true, 0, 1, "roc_auc_score_macro"],
  ["roc_auc_weighted", true, 0, 1, "roc_auc_score_weighted"],
  ["roc_auc_micro", true, 0, 1, "roc_auc_score_micro"],
  ["subset_accuracy", true, 0, 1, "exact_match exact_match_ratio"],
  ["hamming_loss", false, 0, 1, ""],
  ["label_ranking_average_precision", true, 0, 1, "lrap label_ranking_average_precision_score"],
  ["coverage_error", false, 0, infinity, ""],
  ["label_ranking_loss", false, 0, 1, ""],
  ["top_k_accuracy", true, 0, 1, "top_k_accuracy_score"],
  ["precision", true, 0, 1, "precision_score"],
  ["recall", true, 0, 1, "recall_score sensitivity tpr true_positive_rate"],
  ["specificity", true, 0, 1, "tnr true_negative_rate"],
  ["fpr", false, 0, 1, "false_positive_rate"],
  ["fnr", false, 0, 1, "false_negative_rate"],
  ["f1", true, 0, 1, "f1_score"],
  ["jaccard", true, 0, 1, "jaccard_score"],
  ["mcc", true, -1, 1, "matthews_corrcoef"],
  ["cohen_kappa", true, -1, 1, "kappa cohen_kappa_score"],
  ["cohen_kappa_quadratic", true, -1, 1, "quadratic_weighted_kappa qwk"],
  ["fbeta", true, 0, 1, "fbeta_score"],
  ["lift", true, 0, infinity, ""],
  ["gain", true, 0, 1, ""],
  ["ks", true, 0, 1, "ks_statistic"],
  ["gini", true, -1, 1, ""],
  ["ece", false, 0, 1, "expected_calibration_error"],
  ["mce", false, 0, 1, "maximum_calibration_error"],
  ["ndcg", true, 0, 1, "ndcg_score"],
  ["map", true, 0, 1, "mean_average_precision"],
  ["mrr", true, 0, 1, "mean_reciprocal_rank"],
  ["hit_rate", true, 0, 1, "hit_ratio"],
  [
    "concordance_index",
    true,
    0,
    1,
    "c_index cindex harrell_c harrells_c concordance concordance_index_censored",
  ],
  ["concordance_index_ipcw", true, 0, 1, "uno_c unos_c"],
  ["rmse", false, 0, infinity, "root_mean_squared_error"],
  ["mse", false, 0, infinity, "mean_squared_error"],
  ["mae", false, 0, infinity, "mean_absolute_error"],
  ["median_absolute_error", false, 0, infinity, "median_ae medae"],
  ["max_error", false, 0, infinity, ""],
  ["mape", false, 0, infinity, "mean_absolute_percentage_error"],
  ["smape", false, 0, 2, ""],
  ["wape", false, 0, infinity, ""],
  ["mase", false, 0, infinity, "mean_absolute_scaled_error"],
  ["rmsse", false, 0, infinity, "root_mean_squared_scaled_error"],
  ["crps", false, 0, infinity, "continuous_ranked_probability_score"],
  ["rmsle", false, 0, infinity, "root_mean_squared_log_error"],
  ["msle", false, 0, infinity, "mean_squared_log_error"],
  ["r2", true, -infinity, 1, "r2_score r_squared"],
  ["explained_variance", true, -infinity, 1, "explained_variance_score"],
  ["mean_poisson_deviance", false, 0, infinity, "poisson_deviance"],
  ["mean_gamma_deviance", false, 0, infinity, "gamma_deviance"],
  ["mean_tweedie_deviance", false, 0, infinity, "tweedie_deviance"],
  ["gini_normalized", true, -infinity, 1, "normalized_gini"],
  ["pearson", true, -1, 1, "pearsonr"],
  ["spearman", true, -1, 1, "spearmanr"],
  ["kendall", true, -1, 1, "kendall_tau kendalltau"],
  ["d2_absolute_error", true, -infinity, 1, "d2_absolute_error_score"],
  ["d2_tweedie", true, -infinity, 1, "d2_tweedie_score"],
  ["d2_pinball", true, -infinity, 1, "d2_pinball_score"],
  ["pinball", false, 0, infinity, "pinball_loss mean_pinball_loss"],
  ["quantile_crossing", false, 0, 1, ""],
  // Of crossing bounds it is negative.
  ["interval_width", false, -infinity, infinity, ""],
  ["winkler", false, -infinity, infinity, "interval_score winkler_score"],
];

const averages = ["macro", "micro", "weighted", "samples"];
const averaged = ["precision", "recall", "f1", "jaccard"];
/** Numbers that evaluations carry beside their metrics, or that are best in the middle: never compared unless a rule names them. */
const countNames = new Set(
  "example_count count n rows support true_positives true_negatives false_positives false_negatives tp tn fp fn threshold score sum_on_target mean_on_target bias mean_error coverage interval_coverage prevalence observed_expected_ratio calibration_slope calibration_intercept predicted_positive_rate selection_rate".split(
    " ",
  ),
);

const known = buildTable();

function buildTable(): ReadonlyMap<string, MetricFacts> {
  const table = new Map<string, MetricFacts>();
  for (const [name, higherIsBetter, smallest, largest, aliases] of rows) {
    const facts = { name, higherIsBetter, smallest, largest };
    for (const word of [name, ...aliases.split(" ").filter((alias) => alias !== "")]) table.set(word, facts);
    if (!averaged.includes(name)) continue;
    for (const average of averages) {
      const full = { ...facts, name: `${name}_${average}` };
      table.set(full.name, full);
      table.set(`${name}_score_${average}`, full);
    }
  }
  return table;
}

/**
 * Name, direction and range of a metric, by any of its names and in any case: `AUC`, `auc`, `roc_auc_score` are `roc_auc`.
 * `pinball@0.9` and `ece{bins=15}` keep what stands behind the name; scikit-learn's `neg_log_loss` is its own metric with
 * direction and range turned round. An unknown name keeps its spelling and has no direction.
 */
export function metricFacts(name: string): MetricFacts {
  const trimmed = name.trim();
  const [, word = trimmed, parameters = ""] = /^([^@{]*)([@{].*)?$/s.exec(trimmed) ?? [];
  const spelled = word
    .trim()
    .toLowerCase()
    .replaceAll(/[-\s]+/g, "_");
  const found = known.get(spelled);
  if (found !== undefined) return { ...found, name: `${found.name}${parameters}` };
  const positive = spelled.startsWith("neg_") ? known.get(spelled.slice("neg_".length)) : undefined;
  if (positive !== undefined) {
    return {
      name: `neg_${positive.name}${parameters}`,
      higherIsBetter: !positive.higherIsBetter,
      smallest: 0 - positive.largest,
      largest: 0 - positive.smallest,
    };
  }
  return { name: trimmed, higherIsBetter: undefined, smallest: -infinity, largest: infinity };
}

/** True for a metric of the table. */
export function isKnownMetric(name: string): boolean {
  return metricFacts(name).higherIsBetter !== undefined;
}

/** True for numbers such as `example_count` or `bias` that say how much was measured or which way it errs, not how well. */
export function isCount(name: string): boolean {
  return countNames.has(name.toLowerCase().replace(/[@{].*$/s, ""));
}

/** Every name and alias of the table, for did-you-mean. */
export function knownMetricNames(): readonly string[] {
  return [...known.keys()];
}
