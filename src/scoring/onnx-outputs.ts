import { MlopsError } from "../errors.ts";
import type { ScoreArray } from "./arrow.ts";
import { findClass, positiveIndex } from "./class-names.ts";
import type { ModelScores, ScorerRequest } from "./scorer.ts";

export interface OnnxOutput {
  readonly name: string;
  /** `float32`, `float64`, `int64`, `string`, …; undefined for what is no tensor. */
  readonly type: string | undefined;
}

/** A tensor as the runtime gives it. */
export interface OnnxValues {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** The output that scores are made of. Throws `not-evaluable` where none or several could be meant. */
export function chooseOutput(outputs: readonly OnnxOutput[], task: ScorerRequest["task"]): OnnxOutput {
  const floats = outputs.filter(({ type }) => type === "float32" || type === "float64");
  const labels = outputs.filter(({ type }) => type === "int64" || type === "string");
  const probable = floats.filter(({ name }) => /prob/i.test(name));
  const candidates = probable.length === 1 ? probable : floats;
  const [first, ...others] = candidates.length > 0 || task === "regression" ? candidates : labels;
  if (first !== undefined && others.length === 0) return first;
  const list = outputs.map(({ name, type }) => `${name} (${type ?? "no tensor"})`).join(", ");
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_OUTPUTS",
    message: `Which output of the model holds the scores cannot be known: ${list}.`,
    hint: "Export the model with one output of floats: its predictions, or a column of probabilities a class.",
  });
}

/** Collects the batches of one output. The first one decides what the numbers mean. */
export class OnnxScores {
  readonly #rows: number;
  /** Of the columns. */
  readonly #room: number;
  readonly #request: Pick<ScorerRequest, "task" | "positiveClass" | "model">;
  #classes: readonly string[];
  #columns: ScoreArray[] = [];
  #kind: ModelScores["kind"] | undefined;
  #filled = 0;
  #taken = 0;
  /** Whether predictions are places in the classes. */
  #isCoded = false;

  /** `batchRows`: of the largest batch, where each is taken before the next one comes. */
  constructor(
    rows: number,
    classes: readonly string[],
    request: Pick<ScorerRequest, "task" | "positiveClass" | "model"> & { readonly batchRows?: number },
  ) {
    this.#rows = rows;
    this.#room = request.batchRows ?? rows;
    this.#classes = classes;
    this.#request = request;
  }

  add({ data, dims }: OnnxValues, rows: number): void {
    const width = dims.length === 1 ? 1 : (dims[1] ?? 0);
    if (dims[0] !== rows || dims.length > 2 || width < 1)
      throw this.#failed("SCORES_SHAPE", `gave shape ${dims.join(" x ")} for ${rows} rows`);
    if (data instanceof Float32Array || data instanceof Float64Array) this.#addFloats(data, rows, width);
    else if (width === 1 && (data instanceof BigInt64Array || Array.isArray(data)))
      this.#addClasses(Array.from(data, String), rows);
    else throw this.#failed("SCORES_TYPE", "gave values that are neither floats nor classes");
    this.#filled += rows;
  }

  /** What was collected since the last time, in memory that is used again. */
  take(): readonly ScoreArray[] {
    const columns = this.#columns.map((column) => column.subarray(0, this.#filled));
    this.#taken += this.#filled;
    this.#filled = 0;
    return columns;
  }

  result(): Pick<ModelScores, "kind" | "values" | "dtype" | "classes" | "positiveClass"> {
    const [first, ...others] = this.#columns;
    const rows = this.#taken + this.#filled;
    if (first === undefined || this.#kind === undefined || rows !== this.#rows)
      throw this.#failed("SCORES_SHAPE", `gave ${rows} scores for ${this.#rows} rows`);
    const isNamed = this.#kind === "score" && this.#classes.length === 2;
    return {
      kind: this.#kind,
      values: [first, ...others],
      dtype: first instanceof Float32Array ? "float32" : "float64",
      classes: this.#kind === "prediction" && !this.#isCoded ? [] : this.#classes,
      positiveClass: isNamed ? this.#classes[this.#positive()] : undefined,
    };
  }

  #addFloats(data: ScoreArray, rows: number, width: number): void {
    const places = this.#places(data, width);
    if (this.#columns.length === 0)
      this.#columns = places.map(() =>
        data instanceof Float32Array ? new Float32Array(this.#room) : new Float64Array(this.#room),
      );
    let bad = 0;
    for (const [index, place] of places.entries()) {
      const target = this.#columns[index];
      if (target === undefined)
        throw this.#failed("SCORES_SHAPE", `gave ${width} columns, and another count before`);
      for (let row = 0; row < rows; row++) {
        const value = data[row * width + place] ?? Number.NaN;
        if (!Number.isFinite(value)) bad += 1;
        target[this.#filled + row] = value;
      }
    }
    if (bad > 0)
      throw this.#failed(
        "SCORES_NOT_FINITE",
        `gave NaN or infinity for ${bad} of ${rows * places.length} values`,
      );
  }

  /** Which columns of the output are kept. */
  #places(data: ScoreArray, width: number): number[] {
    const { task } = this.#request;
    if (width === 1) {
      this.#kind ??= this.#meaningOfOne(data);
      return [0];
    }
    if (task === "regression")
      throw this.#failed("SCORES_SHAPE", `gave ${width} columns, expected one value a row`);
    if (this.#kind === undefined && data.some((value) => value < 0 || value > 1))
      throw this.#failed("SCORES_TYPE", `gave ${width} columns with values outside 0 to 1: are they logits?`);
    if (this.#classes.length > 0 && this.#classes.length !== width)
      throw this.#failed("SCORES_SHAPE", `gave ${width} columns for ${this.#classes.length} classes`);
    if (task === "binary" && width !== 2)
      throw this.#failed("CLASSES", `knows ${width} classes, expected two`);
    if (this.#classes.length === 0)
      this.#classes = Array.from({ length: width }, (_, place) => String(place));
    if (width > 2 || task === "multiclass") {
      this.#kind = "probabilities";
      return Array.from({ length: width }, (_, place) => place);
    }
    this.#kind = "score";
    return [this.#positive()];
  }

  #positive(): number {
    return positiveIndex(this.#classes, this.#request.positiveClass);
  }

  #meaningOfOne(data: ScoreArray): ModelScores["kind"] {
    const { task } = this.#request;
    if (task === "regression" || data.every((value) => value === 0 || value === 1)) return "prediction";
    const isInside = data.every((value) => value >= 0 && value <= 1);
    return isInside || task === "binary" ? "score" : "prediction";
  }

  #addClasses(names: readonly string[], rows: number): void {
    this.#kind = "prediction";
    const [target = new Float64Array(this.#room)] = this.#columns;
    this.#columns = [target];
    const { task, positiveClass } = this.#request;
    const isBinary = task === "binary" || (task === undefined && this.#classes.length <= 2);
    this.#isCoded = !isBinary;
    if (!isBinary) this.#classes = [...new Set([...this.#classes, ...names])];
    const wanted = positiveClass ?? this.#classes[1] ?? "1";
    const isPositive = new Map(names.map((name) => [name, findClass([name], wanted) === 0]));
    for (let row = 0; row < rows; row++) {
      const name = names[row] ?? "";
      target[this.#filled + row] = isBinary ? Number(isPositive.get(name)) : this.#classes.indexOf(name);
    }
  }

  #failed(code: string, what: string): MlopsError {
    return new MlopsError({
      kind: "child-failed",
      code: `SCORER_${code}`,
      message: `Scoring with ${this.#request.model.uri} failed: the model ${what}.`,
    });
  }
}
