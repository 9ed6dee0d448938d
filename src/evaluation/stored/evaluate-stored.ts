import type { Outcome } from "../outcome.ts";
import { bytesForRows, isStorable } from "../read/memory-need.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import { evaluateBinary } from "./binary/evaluate-binary.ts";
import { evaluateNumbers } from "./numbers/evaluate-numbers.ts";
import { evaluateSeveral } from "./several/evaluate-several.ts";
import type { StoredEvaluation } from "./stored-evaluation.ts";

/** How many bytes of rows may be in memory where a table is measured from disk; undefined where it is not: it fits, or cannot be. */
export function storedBytes(
  { task, shortage }: FirstLook,
  { columns, hasModel, availableBytes }: ReadRequest,
): number | undefined {
  if (shortage === undefined || !isStorable(columns, task, hasModel)) return undefined;
  return bytesForRows(availableBytes);
}

/** Measures a table that does not fit into memory: it is read once, into files, and measured from these some rows at a time. */
export async function evaluateStored(work: StoredEvaluation): Promise<Outcome> {
  const { task } = work.reading.look;
  if (task === "multiclass" || task === "multilabel") return await evaluateSeveral(work);
  if (task === "regression" || task === "quantile") return await evaluateNumbers(work);
  return await evaluateBinary(work);
}
