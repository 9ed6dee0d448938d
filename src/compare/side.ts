import type { Evaluation } from "../gate/evaluation.ts";
import type { ResultInput } from "../results/core.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";

/** One of the things that are compared. */
export interface Side {
  /** `A`, `B`, …: its name in tables. */
  readonly label: string;
  /** As the user wrote it. */
  readonly uri: string;
  /** For a person: `mortality version 3 (champion), run 12ab…`. */
  readonly description: string;
  readonly evaluation: Evaluation;
  /** Where it is a result file of ours: curves, intervals, intended for reports. */
  readonly results: EvaluationResults | undefined;
  /** Undefined where no run is known. */
  readonly params: ReadonlyMap<string, string> | undefined;
  /** The kept scores as a local file, brought into a `folder` where they lie elsewhere; undefined where there are none. */
  fetchScores(folder: () => Promise<string>): Promise<string | undefined>;
  readonly input: ResultInput;
}
