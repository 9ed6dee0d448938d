import type { Outcome } from "./outcome.ts";
import { bytesForRows, isStorable, otherShortage } from "./read/memory-need.ts";
import { answeredTable } from "./stored/answers/answered-table.ts";
import { evaluateBinary } from "./stored/binary/evaluate-binary.ts";
import { evaluateNumbers } from "./stored/numbers/evaluate-numbers.ts";
import { evaluateRanking } from "./stored/ranking/evaluate-ranking.ts";
import { evaluateSeveral } from "./stored/several/evaluate-several.ts";
import type { StoredEvaluation } from "./stored/stored-evaluation.ts";

/**
 * Measures a table that does not fit into memory, each task in its way: it is read once, into files, and measured from these some rows
 * at a time. A model's answers are written beside it first. Undefined for one that cannot be measured from disk.
 */
export async function evaluateFromDisk(
  work: Omit<StoredEvaluation, "rowBytes">,
): Promise<Outcome | undefined> {
  const { loading, reading } = work;
  const { columns, hasModel, availableBytes, look } = reading;
  const rowBytes = bytesForRows(availableBytes);
  if (rowBytes === undefined || !isStorable(columns, look.task, hasModel)) return undefined;
  const stored = { ...work, rowBytes };
  if (loading === undefined) return await evaluateStored(stored);
  const { facts, close, ...answered } = await answeredTable({ ...stored, loading });
  try {
    const { columns: own, look: again } = answered.reading;
    if (!isStorable(own, again.task, false) && look.shortage !== undefined)
      throw otherShortage(look.shortage);
    const outcome = await evaluateStored({ ...stored, ...answered });
    const { model, note, versions } = facts;
    return { ...outcome, model, versions, wayNote: `${note}\n${outcome.wayNote}` };
  } finally {
    close();
  }
}

async function evaluateStored(stored: StoredEvaluation): Promise<Outcome> {
  const { task } = stored.reading.look;
  if (task === "multiclass" || task === "multilabel") return await evaluateSeveral(stored);
  if (task === "regression" || task === "quantile") return await evaluateNumbers(stored);
  if (task === "ranking") return await evaluateRanking(stored);
  return await evaluateBinary(stored);
}
