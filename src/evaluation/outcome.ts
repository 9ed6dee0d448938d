import type { EvalSet } from "./eval-set.ts";
import type { EvaluatedTable } from "./evaluated-table.ts";
import type { KeptScores } from "./kept/keep-scores.ts";
import type { Measurement } from "./measure.ts";

/** What was measured of a table, in memory or from disk. */
export interface Outcome {
  readonly rows: number;
  readonly measured: Measurement;
  readonly evalSet: EvalSet;
  readonly scores: Pick<NonNullable<EvaluatedTable["scores"]>, "kind" | "dtype" | "sha256">;
  readonly kept: KeptScores | undefined;
  readonly notes: readonly string[];
  /** Of the training series, where it was given. */
  readonly historyFiles: EvaluatedTable["historyFiles"];
  readonly model: EvaluatedTable["model"];
  readonly wayNote: string | undefined;
  /** Of what scored, by name. */
  readonly versions: Readonly<Record<string, string>>;
}
