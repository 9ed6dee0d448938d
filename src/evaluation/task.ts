/** What the model answers: a class of two, a class of several, a number, an order of rows within a query, or quantiles of a number. */
const tasks = ["binary", "multiclass", "regression", "ranking", "quantile"] as const;
export type Task = (typeof tasks)[number];

export function isTask(word: string): word is Task {
  return tasks.some((task) => task === word);
}
