export interface ProbabilityColumn {
  readonly class: string;
  readonly column: string;
}

export interface QuantileColumn {
  /** 0.9: nine of ten truths should lie at or below. */
  readonly level: number;
  readonly column: string;
}

export interface SurvivalColumn {
  /** At least 0. */
  readonly time: number;
  /** The chance to be without the event after that time. */
  readonly column: string;
}

/** Names by which a column is found where no setting says which it is. */
export const wellKnown = {
  label: ["label", "target", "y_true"],
  score: ["score", "probability"],
  prediction: ["prediction"],
  query: ["query", "query_id", "qid"],
  duration: ["duration", "time"],
  event: ["event", "observed"],
  risk: ["risk", "risk_score", "score"],
  forecast: ["prediction", "forecast", "y_pred"],
} as const;

export function findByName(role: keyof typeof wellKnown, names: readonly string[]): string | undefined {
  return wellKnown[role].find((name) => names.includes(name));
}

const probabilityPrefixes = ["probability_", "proba_", "prob_", "score_"] as const;

/**
 * `probability_cat`, `proba_cat` or `prob_cat` is the probability of the class cat; one way of writing for all. `score_cat` only
 * where classes are wanted for sure: `score_old` and `score_new` are two models.
 */
export function probabilitiesByName(names: readonly string[], isSure: boolean): ProbabilityColumn[] {
  for (const prefix of probabilityPrefixes) {
    if (prefix === "score_" && !isSure) continue;
    const found = names.filter((name) => name.startsWith(prefix) && name.length > prefix.length);
    if (found.length > 0) return found.map((column) => ({ class: column.slice(prefix.length), column }));
  }
  return [];
}

/** `quantile_0.9` or `q0.9`, lowest first. */
export function quantilesByName(names: readonly string[]): QuantileColumn[] {
  return names
    .flatMap((column) => {
      const level = Number(/^(?:quantile_|q)(0?\.\d+)$/.exec(column)?.[1] ?? Number.NaN);
      return level > 0 && level < 1 ? [{ level, column }] : [];
    })
    .toSorted((one, other) => one.level - other.level);
}

/** `survival_365`, the earliest first. */
export function survivalsByName(names: readonly string[]): SurvivalColumn[] {
  return names
    .flatMap((column) => {
      const time = Number(/^survival_(\d[\d.e+-]*)$/.exec(column)?.[1] ?? Number.NaN);
      return time >= 0 ? [{ time, column }] : [];
    })
    .toSorted((one, other) => one.time - other.time);
}
