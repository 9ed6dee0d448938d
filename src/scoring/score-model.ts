import type { Scorer, ScorerRequest } from "./scorer.ts";

/**
 * Begins to load a model: ONNX in this process, every other kind in the user's Python. What the model prints reaches `onOutput`
 * only. `score` throws `child-failed` where the model or its program fails, with the last lines of its stderr, and `not-evaluable`
 * where the table is not the model's; nothing is written but below `folder`.
 */
export async function openScorer(request: ScorerRequest): Promise<Scorer> {
  const { format } = request.model;
  if (format.runsCode) warnOfCode(request);
  if (format.kind === "onnx") {
    const { openOnnxScorer } = await import("./open-onnx.ts");
    return await openOnnxScorer(request);
  }
  const { openPythonScorer } = await import("./python-scorer.ts");
  return await openPythonScorer(request);
}

const formatWords: Readonly<Record<string, string>> = {
  pickle: "a pickle",
  torch: "a PyTorch file",
  keras: "a Keras file",
  "saved-model": "a TensorFlow program",
  pyfunc: "an MLflow model with code of its own",
};

/** A file of unknown origin that can do anything once it is loaded is called that. */
function warnOfCode({ model, onWarning }: ScorerRequest): void {
  if (model.runId !== null || model.runIdBeside !== undefined) return;
  const what = formatWords[model.format.kind] ?? "a model with code of its own";
  onWarning(
    `${model.uri} is ${what}, and loading it runs the code in it: score only what you would also execute. ` +
      `No run is known that made it; its sha256 is ${model.sha256}.`,
  );
}
