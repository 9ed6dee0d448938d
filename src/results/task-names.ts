/**
 * What a model answers: a class of two, a class of several, several labels at once, a number, a number at a later time, how soon an
 * event comes, an order of rows within a query, or quantiles of a number. The one list of the flag, the measuring and the result file.
 */
export const taskNames = [
  "binary",
  "multiclass",
  "multilabel",
  "regression",
  "forecasting",
  "survival",
  "ranking",
  "quantile",
] as const;
