import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { MlopsError, messageOf } from "../errors.ts";
import type { ModelFormat, ModelKind, SignatureColumn } from "./model-kinds.ts";

/** MLflow's file; what this program does not read may be there. */
const mlmodel = z.looseObject({
  flavors: z.looseObject({
    python_function: z
      .looseObject({ loader_module: z.string().nullish(), code: z.string().nullish() })
      .optional(),
    sklearn: z
      .looseObject({
        pickled_model: z.string(),
        serialization_format: z.string().nullish(),
        code: z.string().nullish(),
      })
      .optional(),
    xgboost: z
      .looseObject({ data: z.string(), model_class: z.string().nullish(), code: z.string().nullish() })
      .optional(),
    lightgbm: z
      .looseObject({ data: z.string(), model_class: z.string().nullish(), code: z.string().nullish() })
      .optional(),
    onnx: z.looseObject({ data: z.string() }).optional(),
  }),
  signature: z.looseObject({ inputs: z.string().nullish() }).nullish(),
});
type Mlmodel = z.infer<typeof mlmodel>;

const inputs = z.array(
  z.looseObject({
    type: z.string(),
    name: z.string().optional(),
    required: z.boolean().optional(),
    optional: z.boolean().optional(),
  }),
);

/**
 * A folder that MLflow wrote, by its `MLmodel`. The native flavors are loaded without MLflow: they give probabilities, where the
 * python_function of the same model gives classes; every other flavor goes through `mlflow.pyfunc`.
 * Throws `not-evaluable` for a file that is no MLmodel, for a flavor outside Python, and for files that are not in the folder.
 */
export async function readMlmodel(folder: string, uri: string): Promise<ModelFormat> {
  const document = await parseFile(path.join(folder, "MLmodel"), uri);
  const { flavors } = document;
  const found = nativeModel(document);
  if (found === undefined && flavors.python_function === undefined)
    throw invalid(
      `${uri} is an MLflow model of the flavors ${Object.keys(flavors).join(", ")}, none of which runs in Python.`,
    );
  const code = flavors.python_function?.code ?? flavors.sklearn?.code;
  const codeFolders = typeof code === "string" ? [await inFolder(folder, code, uri)] : [];
  const common = { signature: signatureOf(document, uri), codeFolders };
  if (found === undefined)
    return { kind: "pyfunc", file: folder, runsCode: true, modelClass: undefined, ...common };
  const file = await inFolder(folder, found.file, uri);
  const runsCode = found.kind === "pickle" || codeFolders.length > 0;
  return { kind: found.kind, file, runsCode, modelClass: found.modelClass, ...common };
}

interface NativeModel {
  readonly kind: ModelKind;
  readonly file: string;
  readonly modelClass: string | undefined;
}

function nativeModel({ flavors }: Mlmodel): NativeModel | undefined {
  const { onnx, sklearn, xgboost, lightgbm } = flavors;
  if (onnx !== undefined) return { kind: "onnx", file: onnx.data, modelClass: undefined };
  if (xgboost !== undefined)
    return {
      kind: kindOf(xgboost.data, "xgboost"),
      file: xgboost.data,
      modelClass: xgboost.model_class ?? undefined,
    };
  if (lightgbm !== undefined)
    return {
      kind: kindOf(lightgbm.data, "lightgbm"),
      file: lightgbm.data,
      modelClass: lightgbm.model_class ?? undefined,
    };
  if (sklearn === undefined) return undefined;
  const isSkops = sklearn.serialization_format === "skops";
  return { kind: isSkops ? "skops" : "pickle", file: sklearn.pickled_model, modelClass: undefined };
}

/** MLflow pickles the scikit-learn classes of LightGBM and keeps only boosters in their own format. */
function kindOf(file: string, native: ModelKind): ModelKind {
  if (/\.skops$/i.test(file)) return "skops";
  return /\.(pkl|pickle|joblib)$/i.test(file) ? "pickle" : native;
}

function signatureOf({ signature }: Mlmodel, uri: string): readonly SignatureColumn[] | undefined {
  const text = signature?.inputs;
  if (text === undefined || text === null) return undefined;
  try {
    return inputs.parse(JSON.parse(text)).map(({ name, type, required, optional }) => ({
      name,
      type,
      isRequired: required ?? optional !== true,
    }));
  } catch (error) {
    throw invalid(`The signature in the MLmodel of ${uri} cannot be read: ${messageOf(error)}.`, error);
  }
}

async function parseFile(file: string, uri: string): Promise<Mlmodel> {
  try {
    return mlmodel.parse(parse(await readFile(file, "utf8")));
  } catch (error) {
    throw invalid(`The MLmodel of ${uri} cannot be read: ${messageOf(error)}.`, error);
  }
}

/** A place that the MLmodel names: inside its folder, and there. */
async function inFolder(folder: string, name: string, uri: string): Promise<string> {
  const place = path.resolve(folder, name);
  if (place !== folder && !place.startsWith(`${folder}${path.sep}`))
    throw invalid(`The MLmodel of ${uri} names ${JSON.stringify(name)}, which is outside its folder.`);
  const isThere = await stat(place).then(
    () => true,
    () => false,
  );
  if (!isThere) throw invalid(`The MLmodel of ${uri} names ${JSON.stringify(name)}, which is not there.`);
  return place;
}

function invalid(message: string, cause?: unknown): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MLMODEL_INVALID",
    message,
    hint: "Log the model again, or name the model file itself with --model-path.",
    cause,
  });
}
