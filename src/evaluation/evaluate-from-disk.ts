import type { Outcome } from "./outcome.ts";
import { evaluateNumbers } from "./stored/evaluate-numbers.ts";
import { evaluateStored, type StoredEvaluation, storedBytes } from "./stored/evaluate-stored.ts";
import { evaluateSeveral } from "./stored-several/evaluate-several.ts";

/** Measures a table that does not fit into memory, each task in its way; undefined for one that cannot be measured from disk. */
export async function evaluateFromDisk(
  work: Omit<StoredEvaluation, "rowBytes">,
): Promise<Outcome | undefined> {
  const { look } = work.reading;
  const rowBytes = storedBytes(look, work.reading);
  if (rowBytes === undefined) return undefined;
  const stored = { ...work, rowBytes };
  if (look.task === "multiclass" || look.task === "multilabel") return await evaluateSeveral(stored);
  if (look.task === "regression" || look.task === "quantile") return await evaluateNumbers(stored);
  return await evaluateStored(stored);
}
