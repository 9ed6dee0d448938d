import type { Outcome } from "./outcome.ts";
import { bytesForRows, isStorable } from "./read/memory-need.ts";
import { evaluateBinary } from "./stored/binary/evaluate-binary.ts";
import { evaluateNumbers } from "./stored/numbers/evaluate-numbers.ts";
import { evaluateRanking } from "./stored/ranking/evaluate-ranking.ts";
import { evaluateSeveral } from "./stored/several/evaluate-several.ts";
import type { StoredEvaluation } from "./stored/stored-evaluation.ts";

/**
 * Measures a table that does not fit into memory, each task in its way: it is read once, into files, and measured from these some rows
 * at a time. Undefined for one that cannot be measured from disk.
 */
export async function evaluateFromDisk(
  work: Omit<StoredEvaluation, "rowBytes">,
): Promise<Outcome | undefined> {
  const { columns, availableBytes, look } = work.reading;
  const rowBytes = bytesForRows(availableBytes);
  const { task } = look;
  if (rowBytes === undefined || !isStorable(columns, task, false)) return undefined;
  const stored = { ...work, rowBytes };
  if (task === "multiclass" || task === "multilabel") return await evaluateSeveral(stored);
  if (task === "regression" || task === "quantile") return await evaluateNumbers(stored);
  if (task === "ranking") return await evaluateRanking(stored);
  return await evaluateBinary(stored);
}
