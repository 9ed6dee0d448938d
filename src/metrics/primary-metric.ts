/** What a task is judged by where nothing says otherwise: the first that has a value. */
const primaries = {
  binary: ["roc_auc", "balanced_accuracy", "accuracy"],
  multiclass: ["roc_auc_ovr", "f1_macro", "accuracy"],
  multilabel: ["f1_macro", "f1_micro", "label_ranking_average_precision", "hamming_loss"],
  regression: ["rmse", "mae"],
  forecasting: ["mase", "wape", "mae"],
  survival: ["concordance_index"],
  ranking: ["ndcg"],
  quantile: ["pinball"],
} as const;

/** The metric that subgroups are ordered by; undefined where there is none at all. */
export function primaryMetric(
  task: keyof typeof primaries,
  metrics: Readonly<Record<string, number | null>>,
): string | undefined {
  const names: readonly string[] = primaries[task];
  return (
    names.find((name) => typeof metrics[name] === "number") ??
    names.find((name) => Object.hasOwn(metrics, name)) ??
    Object.keys(metrics)[0]
  );
}
