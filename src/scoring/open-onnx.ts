import { MlopsError } from "../errors.ts";
import type { Scorer, ScorerRequest } from "./score-model.ts";

export async function openOnnxScorer(request: ScorerRequest): Promise<Scorer> {
  throw new MlopsError({
    kind: "usage",
    code: "NOT_YET",
    message: `${request.model.uri}: ONNX cannot be scored yet.`,
  });
}
