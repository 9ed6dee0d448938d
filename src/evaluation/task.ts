/**
 * What the model answers: a class of two, a class of several, several labels at once, a number, a number at a later time, how soon an
 * event comes, an order of rows within a query, or quantiles of a number.
 */
const tasks = [
  "binary",
  "multiclass",
  "multilabel",
  "regression",
  "forecasting",
  "survival",
  "ranking",
  "quantile",
] as const;
export type Task = (typeof tasks)[number];

export function isTask(word: string): word is Task {
  return tasks.some((task) => task === word);
}
