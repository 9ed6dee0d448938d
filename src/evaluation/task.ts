import { taskNames } from "../results/task-names.ts";

/** What the model answers. */
export type Task = (typeof taskNames)[number];

export function isTask(word: string): word is Task {
  return taskNames.some((task) => task === word);
}
