import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { env, InferenceSession, Tensor } from "onnxruntime-node";
import type { DuckDb } from "../data/engine/duckdb.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { MlopsError, messageOf } from "../errors.ts";
import { ArrowStream, readScoreStretches, type ScoreArray } from "./arrow.ts";
import { guessNotes } from "./class-names.ts";
import type { FeatureData } from "./column-buffer.ts";
import { featureColumns, mostBatchRows, readFeatures } from "./feature-table.ts";
import { type OnnxGraph, readOnnxGraph } from "./onnx-graph.ts";
import { type InputPlan, type OnnxInput, planInputs, tensorData } from "./onnx-inputs.ts";
import { chooseOutput, OnnxScores } from "./onnx-outputs.ts";
import type { ModelScores, Scorer, ScorerRequest, StoredScores } from "./scorer.ts";

/** Onnxruntime's errors and nothing less. */
const logSeverity = 3;

/** Loads an ONNX model into this process. Throws `child-failed` for a file that onnxruntime cannot load. */
export async function loadOnnx(request: ScorerRequest): Promise<Scorer> {
  const { uri, format } = request.model;
  try {
    const bytes = await readFile(format.file);
    const graph = readOnnxGraph(bytes);
    const options = { logSeverityLevel: logSeverity } as const;
    // By its path where nothing had to be taken out: weights may lie in files beside it.
    const session = await (graph.withoutZipMap === undefined
      ? InferenceSession.create(format.file, options)
      : InferenceSession.create(graph.withoutZipMap, options));
    return new OnnxScorer(request, session, graph);
  } catch (error) {
    throw new MlopsError({
      kind: "child-failed",
      code: "SCORER_MODEL_UNREADABLE",
      message: `${uri} cannot be loaded as an ONNX model: ${messageOf(error)}.`,
      hint: "Is the file complete, and its opset one that this onnxruntime-node knows?",
      cause: error,
    });
  }
}

class OnnxScorer implements Scorer {
  readonly #request: ScorerRequest;
  readonly #session: InferenceSession;
  readonly #graph: OnnxGraph;

  constructor(request: ScorerRequest, session: InferenceSession, graph: OnnxGraph) {
    this.#request = request;
    this.#session = session;
    this.#graph = graph;
  }

  async score(db: DuckDb, source: TableSource, rows: number): Promise<ModelScores> {
    const scores = new OnnxScores(rows, this.#graph.classes, this.#request);
    return await this.#scored(db, source, scores);
  }

  async scoreStored(db: DuckDb, source: TableSource, rows: number): Promise<StoredScores> {
    const scores = new OnnxScores(rows, this.#graph.classes, { ...this.#request, batchRows: mostBatchRows });
    const name = path.join(this.#request.folder, "scores.arrow");
    await using file = await open(name, "wx");
    let stream: ArrowStream | undefined;
    const {
      values: _,
      dtype: __,
      ...facts
    } = await this.#scored(db, source, scores, async () => {
      const columns = scores.take().map(featureOf);
      stream ??= new ArrowStream(columns.map(({ type }, index) => ({ name: String(index), type })));
      for (const piece of stream.batch(columns)) await file.writeFile(piece);
    });
    for (const piece of stream?.end() ?? []) await file.writeFile(piece);
    return { ...facts, stretches: () => readScoreStretches(name, rows) };
  }

  async #scored(
    db: DuckDb,
    source: TableSource,
    scores: OnnxScores,
    onBatch?: () => Promise<void>,
  ): Promise<ModelScores> {
    const { exclude, model, signal, task } = this.#request;
    const { signature } = model.format;
    const plan = planInputs(this.#inputs(), await featureColumns(db, source), { signature, exclude });
    const outputs = this.#session.outputMetadata.map((one) => ({
      name: one.name,
      type: one.isTensor ? one.type : undefined,
    }));
    const output = chooseOutput(outputs, task);
    for await (const batch of readFeatures(db, source, plan.columns)) {
      signal.throwIfAborted();
      const given = await this.#run(feedsOf(plan, batch), output.name);
      scores.add(given, batch[0]?.rows ?? 0);
      await onBatch?.();
    }
    const result = scores.result();
    return {
      ...result,
      features: plan.columns.map(({ name }) => name),
      modelType: "onnx",
      call: output.name,
      runtime: "onnxruntime-node",
      versions: { "onnxruntime-node": env.versions.node ?? env.versions.common },
      notes: [...plan.notes, ...guessNotes(result, this.#request.positiveClass)],
    };
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  #inputs(): OnnxInput[] {
    return this.#session.inputMetadata.map((input) => {
      if (input.isTensor) return { name: input.name, type: input.type, shape: input.shape };
      throw new MlopsError({
        kind: "not-evaluable",
        code: "MODEL_INPUTS",
        message: `The input ${input.name} of ${this.#request.model.uri} is no tensor, and a table has only such.`,
      });
    });
  }

  async #run(feeds: Readonly<Record<string, Tensor>>, name: string): Promise<Tensor> {
    try {
      const given = (await this.#session.run(feeds, [name]))[name];
      if (given === undefined) throw new RangeError(`no output ${name}`);
      return given;
    } catch (error) {
      throw new MlopsError({
        kind: "child-failed",
        code: "SCORER_FAILED",
        message: `Scoring with ${this.#request.model.uri} failed: ${messageOf(error)}.`,
        cause: error,
      });
    }
  }
}

function featureOf(values: ScoreArray): FeatureData {
  const known = { rows: values.length, offsets: undefined, validity: undefined, missing: 0 };
  return values instanceof Float32Array
    ? { ...known, type: "float32", values: Float32Array.from(values) }
    : { ...known, type: "float64", values: Float64Array.from(values) };
}

function feedsOf(
  { inputs, isMatrix, columns }: InputPlan,
  batch: readonly FeatureData[],
): Record<string, Tensor> {
  const names = columns.map(({ name }) => name);
  if (isMatrix) {
    const feeds = inputs.map((input) => [input.name, tensorOf(input, batch, names)] as const);
    return Object.fromEntries(feeds);
  }
  const feeds = inputs.flatMap((input, index) => {
    const column = batch[index];
    return column === undefined ? [] : [[input.name, tensorOf(input, [column], [input.name])] as const];
  });
  return Object.fromEntries(feeds);
}

function tensorOf(input: OnnxInput, columns: readonly FeatureData[], names: readonly string[]): Tensor {
  const rows = columns[0]?.rows ?? 0;
  const dims = input.shape.length === 1 ? [rows] : [rows, columns.length];
  const data = tensorData(input, columns, names);
  if (Array.isArray(data)) return new Tensor("string", data, dims);
  if (data instanceof Uint8Array) return new Tensor("bool", data, dims);
  return new Tensor(data, dims);
}
