export type ModelKind =
  | "pickle"
  | "skops"
  | "xgboost"
  | "lightgbm"
  | "onnx"
  | "torch"
  | "keras"
  | "saved-model"
  | "pyfunc";

export interface SignatureColumn {
  /** Undefined: known by its place only. */
  readonly name: string | undefined;
  /** MLflow's word: boolean, integer, long, float, double, string, datetime, …; `tensor` for one array of all columns. */
  readonly type: string;
  readonly isRequired: boolean;
}

/** How a model is to be loaded, and what its folder says about it. */
export interface ModelFormat {
  readonly kind: ModelKind;
  /** The file to load; a folder for `saved-model` and `pyfunc`. */
  readonly file: string;
  /** Loading runs code that the model brings along; a skops file names its types instead. */
  readonly runsCode: boolean;
  /** The class that a native file was saved from, e.g. `xgboost.sklearn.XGBClassifier`. */
  readonly modelClass: string | undefined;
  /** The columns that the model was logged with; undefined where that is not recorded. */
  readonly signature: readonly SignatureColumn[] | undefined;
  /** Folders with Python modules that were logged with the model. */
  readonly codeFolders: readonly string[];
  /** Names of the classes in the order of the probabilities, where somebody read them already. */
  readonly classes?: readonly string[];
}
