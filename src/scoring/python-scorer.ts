import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { DuckDb } from "../data/engine/duckdb.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { messageOf } from "../errors.ts";
import { packageFile } from "../package-files.ts";
import { type ChildReport, runChild } from "../process/child.ts";
import { findPython } from "../process/python.ts";
import { ArrowStream, readScoreColumns, readScoreStretches } from "./arrow.ts";
import { guessNotes } from "./class-names.ts";
import { featureColumns, readFeatures } from "./feature-table.ts";
import { failureOf, unusable } from "./python-failure.ts";
import type { ModelScores, Scorer, ScorerRequest, StoredScores } from "./scorer.ts";

const scorerFile = packageFile("python/score.py");

/**
 * Threads that wait for each other keep their cores busy by default, and these are the cores that also bring the next batch: on two
 * busy cores the same scores took three times the processor time with OpenMP, and half as much again with OpenBLAS, whose threads
 * turn round for 2^26 ticks after every product. 2^16 are 25 us. What the user's environment says of them wins.
 */
const scorerVariables = {
  PYTHONDONTWRITEBYTECODE: "1",
  OMP_WAIT_POLICY: "passive",
  OPENBLAS_THREAD_TIMEOUT: "16",
};

const scoreReport = z.object({
  kind: z.enum(["score", "probabilities", "prediction"]),
  rows: z.number(),
  classes: z.array(z.string()),
  positiveClass: z.string().nullable(),
  features: z.array(z.string()),
  modelType: z.string(),
  call: z.string(),
  versions: z.record(z.string(), z.string()),
  notes: z.array(z.string()),
});

interface Table {
  readonly db: DuckDb;
  readonly source: TableSource;
}

/** Starts the bundled scorer in the user's Python. It loads the model while the caller still looks at the table. */
export async function openPythonScorer(request: ScorerRequest): Promise<Scorer> {
  const python = await findPython({ explicit: request.python, env: request.env, cwd: request.cwd });
  return new PythonScorer(request, python, await writeRequest(request));
}

interface ScorerFiles {
  readonly request: string;
  readonly scores: string;
  readonly report: string;
}

async function writeRequest(request: ScorerRequest): Promise<ScorerFiles> {
  const { folder, exclude, task = null, positiveClass = null } = request;
  const { uri, format } = request.model;
  const files = {
    request: path.join(folder, "request.json"),
    scores: path.join(folder, "scores.arrow"),
    report: path.join(folder, "report.json"),
  };
  const { scores, report } = files;
  const text = JSON.stringify({ model: { ...format, uri }, scores, report, exclude, task, positiveClass });
  await writeFile(files.request, text);
  return files;
}

class PythonScorer implements Scorer {
  readonly #request: ScorerRequest;
  readonly #python: string;
  readonly #files: ScorerFiles;
  readonly #ending = new AbortController();
  readonly #table = Promise.withResolvers<Table | undefined>();
  readonly #child: Promise<ChildReport>;
  /** What went wrong with reading the table; the child only sees that its input ends too early. */
  #readingFailure: { readonly error: unknown } | undefined;
  #rows = 0;

  constructor(request: ScorerRequest, python: string, files: ScorerFiles) {
    this.#request = request;
    this.#python = python;
    this.#files = files;
    this.#child = runChild({
      command: python,
      args: [scorerFile, files.request],
      cwd: request.cwd,
      env: { ...scorerVariables, ...request.env },
      signal: AbortSignal.any([request.signal, this.#ending.signal]),
      onStdout: request.onOutput,
      onStderr: request.onOutput,
      input: this.#pieces(),
    });
  }

  async score(db: DuckDb, source: TableSource, rows: number): Promise<ModelScores> {
    await this.#finish(db, source);
    return await this.#usable(async () => {
      const facts = await this.#facts(rows);
      const [first, ...others] = await readScoreColumns(this.#files.scores, rows);
      if (first === undefined) throw new RangeError("no scores");
      const dtype = first instanceof Float32Array ? "float32" : "float64";
      return { ...facts, values: finite([first, ...others]), dtype };
    });
  }

  async scoreStored(db: DuckDb, source: TableSource, rows: number): Promise<StoredScores> {
    await this.#finish(db, source);
    const facts = await this.#usable(() => this.#facts(rows));
    return { ...facts, stretches: () => this.#stretches(rows) };
  }

  async *#stretches(rows: number): AsyncIterable<ModelScores["values"]> {
    try {
      for await (const values of readScoreStretches(this.#files.scores, rows)) yield finite(values);
    } catch (error) {
      throw unusable(this.#request.model.uri, messageOf(error), error);
    }
  }

  /** Waits until all rows are scored. */
  async #finish(db: DuckDb, source: TableSource): Promise<void> {
    this.#table.resolve({ db, source });
    const child = await this.#child;
    const { signal } = this.#request;
    signal.throwIfAborted();
    if (this.#readingFailure !== undefined) throw this.#readingFailure.error;
    const isDone = child.outcome.kind === "exited" && child.outcome.code === 0;
    if (!isDone) throw await failureOf(child, this.#files.report, this.#request);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#table.resolve(undefined);
    await this.#child;
  }

  /** The table as an Arrow IPC stream, in the pace of the child. */
  async *#pieces(): AsyncGenerator<Uint8Array> {
    try {
      const table = await this.#table.promise;
      if (table === undefined) return;
      const columns = await featureColumns(table.db, table.source);
      const stream = new ArrowStream(columns);
      for await (const batch of readFeatures(table.db, table.source, columns)) {
        yield* stream.batch(batch);
        this.#rows += batch[0]?.rows ?? 0;
      }
      yield* stream.end();
    } catch (error) {
      this.#readingFailure = { error };
      this.#ending.abort();
      throw error;
    }
  }

  async #facts(rows: number): Promise<Omit<ModelScores, "values" | "dtype">> {
    const report = scoreReport.parse(JSON.parse(await readFile(this.#files.report, "utf8")));
    if (report.rows !== rows || this.#rows !== rows)
      throw new RangeError(`${report.rows} scores for ${rows} rows`);
    const { rows: _, positiveClass, ...said } = report;
    const notes = [...said.notes, ...guessNotes(said, this.#request.positiveClass)];
    return { ...said, notes, positiveClass: positiveClass ?? undefined, runtime: this.#python };
  }

  /** What the scorer has written, or why it is of no use. */
  async #usable<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw unusable(this.#request.model.uri, messageOf(error), error);
    }
  }
}

function finite(values: ModelScores["values"]): ModelScores["values"] {
  if (!values.every((column) => column.every((value) => Number.isFinite(value))))
    throw new RangeError("scores that are not finite");
  return values;
}
