import { type CommandResult, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { type EvaluateInput, evaluateFlags } from "./evaluate/flags.ts";

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary: "measure a model, overall and by subgroup",
  description:
    "Measures a table of predictions, or scores a model on a table and measures that. Metrics are scikit-learn's, by " +
    "definition and name. With a run (--run-id, MLFLOW_RUN_ID) they are logged on it too.",
  examples: [
    "mlops evaluate --predictions predictions.csv --label death --score probability --subgroup sex --subgroup 'sex*region'",
    "mlops evaluate --predictions 'scored/*.parquet' --label species --probability p_cat --class cat --probability p_dog --class dog",
    "mlops evaluate --predictions s3://bucket/claims/ --task regression --label cost --prediction cost_hat --weight exposure",
    "mlops evaluate --predictions ranked.parquet --task ranking --label relevance --score score --query session",
    "mlops evaluate --predictions sales.parquet --label sold --quantile 0.5=p50 --quantile 0.9=p90 --interval 0.8=p10:p90",
    "mlops evaluate --predictions topics.parquet --task multilabel --label 'true_*' --score 'p_*' --threshold 0.4",
    "mlops evaluate --predictions forecasts.parquet --label sold --horizon week --series shop --history train.parquet --season 52",
    "mlops evaluate --predictions risks.csv --duration months --event died --score risk --tau 60 --survival-at 60=s60 --subgroup sex",
    "mlops evaluate --predictions predictions.csv --label death --score probability --metric roc_auc --metric log_loss",
    "mlops evaluate --model-path outputs/model.joblib --eval-data-path data/test.csv --label death",
    "mlops evaluate --model-path cox.joblib --eval-data-path patients.parquet --duration months --event died",
    "mlops evaluate --predictions predictions.parquet --report evaluation.html --charts charts --metrics-file metrics.txt",
    "mlops evaluate --model-path models:/mortality@champion --eval-data-path data/test.parquet --label death",
  ],
  flags: evaluateFlags,
  run,
});

/** The engine and the second thread start while the rest of the program is loaded. */
async function run(input: EvaluateInput, context: Context): Promise<CommandResult> {
  const startedAt = context.now();
  const { beginEvaluation } = await import("./evaluate/begin.ts");
  const begun = await beginEvaluation(input.options, context);
  try {
    const { runEvaluation } = await import("./evaluate/run.ts");
    return await runEvaluation(input.options, { ...begun, startedAt }, context);
  } finally {
    await begun.close();
  }
}
