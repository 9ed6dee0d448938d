import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import type { ModelScores, Scorer, ScorerRequest, StoredScores } from "./scorer.ts";

/**
 * ONNX through the optional package `onnxruntime-node`, and where that cannot be had through onnxruntime in the user's Python.
 * Throws `usage` ONNX_RUNTIME_MISSING where there is neither; the Python is asked while it scores, so `score` may be what throws it.
 */
export async function openOnnxScorer(request: ScorerRequest): Promise<Scorer> {
  let missing: NodeRuntime;
  try {
    const { loadOnnx } = await import("./onnx-scorer.ts");
    return await loadOnnx(request);
  } catch (error) {
    missing = whyMissing(error);
  }
  try {
    const { openPythonScorer } = await import("./python-scorer.ts");
    return inPython(await openPythonScorer(await forPython(request)), request, missing);
  } catch (error) {
    throw isNoPython(error) ? runtimeMissing(request, missing, error) : error;
  }
}

/** Why the package for Node does not run. */
interface NodeRuntime {
  readonly why: string;
}

/** Throws what else went wrong. */
function whyMissing(error: unknown): NodeRuntime {
  const code = systemCodeOf(error) ?? "";
  if (["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(code)) return { why: "is not installed" };
  if (code === "ERR_DLOPEN_FAILED") return { why: `cannot be loaded here (${messageOf(error)})` };
  throw error;
}

/** The same model with what its graph says of classes, and without its ZipMap, so that both runtimes give out the same. */
async function forPython(request: ScorerRequest): Promise<ScorerRequest> {
  const { readOnnxGraph } = await import("./onnx-graph.ts");
  const { model, folder } = request;
  try {
    const graph = readOnnxGraph(await readFile(model.format.file));
    let { file } = model.format;
    if (graph.withoutZipMap !== undefined) {
      file = path.join(folder, "without-zipmap.onnx");
      await writeFile(file, graph.withoutZipMap);
    }
    return { ...request, model: { ...model, format: { ...model.format, file, classes: graph.classes } } };
  } catch (error) {
    throw new MlopsError({
      kind: "child-failed",
      code: "SCORER_MODEL_UNREADABLE",
      message: `${model.uri} cannot be loaded as an ONNX model: ${messageOf(error)}.`,
      hint: "Is the file complete?",
      cause: error,
    });
  }
}

function inPython(scorer: Scorer, request: ScorerRequest, missing: NodeRuntime): Scorer {
  const note = `the package onnxruntime-node ${missing.why}: scored with onnxruntime in Python instead`;
  const noted = async <Scores extends StoredScores | ModelScores>(
    scores: Promise<Scores>,
  ): Promise<Scores> => {
    try {
      const made = await scores;
      return { ...made, notes: [note, ...made.notes] };
    } catch (error) {
      throw isNoPython(error) ? runtimeMissing(request, missing, error) : error;
    }
  };
  return {
    score: (db, source, rows) => noted(scorer.score(db, source, rows)),
    scoreStored: (db, source, rows) => noted(scorer.scoreStored(db, source, rows)),
    close: async () => await scorer.close(),
  };
}

/** No Python at all, or one without what is needed. */
function isNoPython(error: unknown): boolean {
  return error instanceof MlopsError && ["PYTHON_MISSING", "SCORER_PACKAGE_MISSING"].includes(error.code);
}

function runtimeMissing({ model }: ScorerRequest, { why }: NodeRuntime, error: unknown): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "ONNX_RUNTIME_MISSING",
    message: `${model.uri} is an ONNX model; the package onnxruntime-node ${why}, and Python cannot run it either: ${messageOf(error)}`,
    hint: "Install one of them: onnxruntime-node beside mlops (npm install onnxruntime-node), or onnxruntime, pyarrow and pandas in your Python (pip install; --python names another one).",
    cause: error,
  });
}
