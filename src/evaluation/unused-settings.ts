import type { EvaluationRequest } from "./evaluated-table.ts";
import type { Task } from "./task.ts";

/** Settings that the task, which was found by the columns, has no use for: who gave them meant another task. */
export function unusedSettings(
  { threshold, ks, binary }: Pick<EvaluationRequest, "threshold" | "ks" | "binary">,
  task: Task,
): string[] {
  const given: readonly (readonly [flag: string, isGiven: boolean, ...tasks: Task[]])[] = [
    ["--threshold", threshold !== undefined, "binary", "multilabel"],
    ["--min-precision", (binary.minPrecisions ?? []).length > 0, "binary"],
    ["--min-recall", (binary.minRecalls ?? []).length > 0, "binary"],
    ["--cost", (binary.costs ?? []).length > 0, "binary"],
    ["--k", ks.length > 0, "ranking"],
  ];
  return given
    .filter(([, isGiven, ...own]) => isGiven && !own.includes(task))
    .map(
      ([flag, , ...own]) =>
        `${flag} is not used: the task is ${task}, and only a ${own.join(" or ")} one has it.`,
    );
}
