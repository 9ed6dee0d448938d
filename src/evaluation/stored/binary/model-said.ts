import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { ScoreArray } from "../../../scoring/arrow.ts";
import type { StoredScores } from "../../../scoring/scorer.ts";
import { isBinaryAnswer, predictedClasses } from "../../model-scores.ts";
import { otherShortage } from "../../read/memory-need.ts";
import type { FirstLook } from "../../read/read-table.ts";
import { type LoadingModel, modelFacts, type ScoredModel } from "../../score-table.ts";
import type { Said } from "./score-writer.ts";

interface StoredModelTable {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly look: FirstLook;
}

/** A model that scores a table which does not fit into memory: its scores lie in a file of the scorer's. */
export class StoredModel {
  readonly #loading: LoadingModel;
  readonly #table: StoredModelTable;
  #facts: ScoredModel | undefined;

  constructor(loading: LoadingModel, table: StoredModelTable) {
    this.#loading = loading;
    this.#table = table;
  }

  /**
   * Scores the table, whose labels are 0 and 1, and gives what the model said stretch by stretch. Throws why the table does not fit
   * into memory where that is of another task, and `not-evaluable` for predictions that are not the task's.
   */
  async *said(): AsyncIterable<Said> {
    const { db, source, look, uri } = this.#table;
    const scores = await this.#loading.scorer.scoreStored(db, source, look.facts.rows);
    this.#facts = modelFacts(this.#loading.model, scores);
    if (!isBinaryAnswer(scores, look.task)) throw this.#shortage();
    let row = 0;
    for await (const [values] of scores.stretches()) {
      yield this.#saidOf(scores, values, { uri, row });
      row += values.length;
    }
  }

  /** Of the model; to be asked for when it has scored. */
  get facts(): ScoredModel {
    if (this.#facts === undefined) throw new RangeError("the model has not scored yet");
    return this.#facts;
  }

  #saidOf(
    { kind }: StoredScores,
    values: ScoreArray,
    at: { readonly uri: string; readonly row: number },
  ): Said {
    if (kind === "score") return { kind: "score", values };
    const codes = predictedClasses(values, at, this.#table.look.task);
    // Numbers are those of a regression.
    if (codes === undefined) throw this.#shortage();
    return { kind: "prediction", values: codes };
  }

  #shortage(): Error {
    const { shortage } = this.#table.look;
    return shortage === undefined ? new RangeError("a table that fits into memory") : otherShortage(shortage);
  }
}
