import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { readMlmodel } from "./mlmodel.ts";
import type { ModelFormat, ModelKind } from "./model-kinds.ts";

const kindOfEnding: Readonly<Record<string, ModelKind>> = {
  ".joblib": "pickle",
  ".pkl": "pickle",
  ".pickle": "pickle",
  ".skops": "skops",
  ".ubj": "xgboost",
  ".xgb": "xgboost",
  ".lgb": "lightgbm",
  ".onnx": "onnx",
  ".pt": "torch",
  ".pth": "torch",
  ".pt2": "torch",
  ".keras": "keras",
  ".h5": "keras",
};
/** Endings that other files have as well: they are models only where they are named. */
const sharedEndings = [".json", ".txt", ".model", ".bin"];

/**
 * What kind of model stands at a place: a file, a folder with an `MLmodel` file, a TensorFlow SavedModel, or a folder with one model
 * file. `uri` is for messages. Throws `not-evaluable` MODEL_MISSING where there is none, several, or one of a kind that is not known.
 */
export async function modelFormat(place: string, uri: string): Promise<ModelFormat> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) throw notThere(`The model ${uri} does not exist (looked for ${place}).`);
  if (!found.isDirectory()) return plain(await kindOfFile(place, uri), place);
  const names = await readdir(place);
  if (names.includes("MLmodel")) return await readMlmodel(place, uri);
  if (names.includes("saved_model.pb")) return plain("saved-model", place);
  const models = names.filter((name) => kindOfEnding[endingOf(name)] !== undefined).sort();
  const [name] = models;
  if (name !== undefined && models.length === 1) {
    const file = path.join(place, name);
    return plain(await kindOfFile(file, uri), file);
  }
  throw notThere(
    models.length === 0
      ? `The folder ${uri} holds no MLmodel and no model file (${Object.keys(kindOfEnding).join(", ")}).`
      : `The folder ${uri} holds ${models.length} model files: ${models.join(", ")}. Name one.`,
  );
}

/** A model that nothing but its file says anything about. */
function plain(kind: ModelKind, file: string): ModelFormat {
  const runsCode = ["pickle", "torch", "keras", "saved-model", "pyfunc"].includes(kind);
  return { kind, file, runsCode, modelClass: undefined, signature: undefined, codeFolders: [] };
}

async function kindOfFile(file: string, uri: string): Promise<ModelKind> {
  const ending = endingOf(file);
  const kind = kindOfEnding[ending];
  if (kind !== undefined) return kind;
  const head = await headOf(file);
  // LightGBM's text begins with this word (its GBDT::SaveModelToString); XGBoost writes JSON or UBJSON objects.
  if (head.startsWith("tree\n") || head.startsWith("tree\r\n")) return "lightgbm";
  if (/^\{\s*"(learner|version)"/.test(head) || (head.startsWith("{") && head.includes("learner")))
    return "xgboost";
  if (!sharedEndings.includes(ending) && isPickled(head)) return "pickle";
  throw notThere(
    sharedEndings.includes(ending)
      ? `${uri} is no model that this program knows: a ${ending} file is one where XGBoost (JSON) or LightGBM (text) wrote it.`
      : `${uri} is no model that this program knows, neither by its ending nor by its content, which does not begin as a pickle does.`,
  );
}

/** Whether a file may be a pickle, as it is or as joblib packs it: gzip, zlib, bzip2, lzma, xz, LZ4. Before protocol 2 they are text. */
function isPickled(head: string): boolean {
  const begins = [
    "\x80",
    "\x1f\x8b",
    "x\x01",
    "x\x5e",
    "x\x9c",
    "x\xda",
    "BZh",
    "]\0",
    "\xfd7zXZ",
    "\x04\x22M\x18",
  ];
  return begins.some((begin) => head.startsWith(begin)) || /^c[\w.]+\n[\w.]+\n/.test(head);
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function endingOf(name: string): string {
  return path.extname(name).toLowerCase();
}

export function notThere(message: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_MISSING",
    message,
    hint: "Check --model-path, and in CI that the job has the artifacts of the training job.",
  });
}
