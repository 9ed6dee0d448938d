import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import type { Scorer, ScorerRequest } from "./scorer.ts";

/** ONNX through the optional package `onnxruntime-node`. Throws `usage` ONNX_RUNTIME_MISSING where it cannot be had. */
export async function openOnnxScorer(request: ScorerRequest): Promise<Scorer> {
  const { loadOnnx } = await import("./onnx-scorer.ts").catch((error: unknown) => {
    throw runtimeMissing(request.model.uri, error);
  });
  return await loadOnnx(request);
}

function runtimeMissing(uri: string, error: unknown): unknown {
  const code = systemCodeOf(error) ?? "";
  if (!["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"].includes(code)) return error;
  const why =
    code === "ERR_DLOPEN_FAILED" ? `cannot be loaded here: ${messageOf(error)}` : "is not installed";
  return new MlopsError({
    kind: "usage",
    code: "ONNX_RUNTIME_MISSING",
    message: `${uri} is an ONNX model, and the package onnxruntime-node ${why}.`,
    hint: "Install it beside mlops (npm install onnxruntime-node), or give the model in a format that your Python loads.",
    cause: error,
  });
}
