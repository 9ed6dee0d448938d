import type { FlagTable } from "../../command.ts";

/** Which column of the table is what. */
export const columnFlags = {
  label: {
    kind: "string",
    value: "COLUMN",
    shared: true,
    summary:
      "the truth (default: label, target or y_true); multilabel: a pattern such as 'label_*', as for --score and --prediction",
  },
  score: {
    kind: "string",
    value: "COLUMN",
    summary:
      "probability of class 1, a score to rank by, or a risk that is higher where the event comes sooner (default: score or probability)",
  },
  prediction: { kind: "string", value: "COLUMN", summary: "predicted value or class (default: prediction)" },
  probability: {
    kind: "list",
    value: "COLUMN",
    summary:
      "probability of a class, once a class (default: probability_CLASS, proba_CLASS, prob_CLASS, score_CLASS)",
  },
  class: {
    kind: "list",
    value: "NAME",
    summary: "class of each --probability, in their order (default: what stands behind probability_)",
  },
  quantile: {
    kind: "list",
    value: "LEVEL=COLUMN",
    summary: "predicted quantile, such as 0.9=p90",
  },
  interval: {
    kind: "list",
    value: "LEVEL=LOW:HIGH",
    summary: "predicted interval, such as 0.8=low:high",
  },
  weight: {
    kind: "string",
    value: "COLUMN",
    shared: true,
    summary: "what a row counts, such as its exposure",
  },
  query: {
    kind: "string",
    value: "COLUMN",
    summary: "what rows are ranked within (default: query, query_id or qid)",
  },
  duration: {
    kind: "string",
    value: "COLUMN",
    summary: "survival: time until the event, or until the row was last seen (default: duration or time)",
  },
  event: {
    kind: "string",
    value: "COLUMN",
    summary: "survival: 1 where the event was seen, 0 where censored (default: event or observed)",
  },
  survivalAt: {
    kind: "list",
    value: "TIME=COLUMN",
    summary:
      "survival: predicted chance to be without the event after this time, such as 365=s365, for Brier scores (default: survival_TIME)",
  },
  horizon: {
    kind: "string",
    value: "COLUMN",
    summary: "forecasting: how far ahead a row was forecast; each is measured",
  },
  series: {
    kind: "string",
    value: "COLUMN",
    summary: "forecasting: which series a row is of (default: all of one)",
  },
  rowId: {
    kind: "string",
    value: "COLUMN",
    shared: true,
    summary: "what names a row, for comparing models on the same rows",
  },
  subgroup: {
    kind: "list",
    value: "COLUMN",
    shared: true,
    summary: "measure each value of this column too; 'sex*region' crosses two",
  },
} as const satisfies FlagTable;
