import type { KeptRows } from "../evaluation/kept/read-kept.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { binaryTerms } from "./terms/binary-terms.ts";
import { multiclassTerms } from "./terms/multiclass-terms.ts";
import { multilabelTerms } from "./terms/multilabel-terms.ts";
import { quantileTerms } from "./terms/quantile-terms.ts";
import { rankingTerms } from "./terms/ranking-terms.ts";
import { regressionTerms } from "./terms/regression-terms.ts";
import type { Found, RowTerm } from "./terms/row-term.ts";
import { survivalTerms } from "./terms/survival-terms.ts";

/** The metrics of a result of which a paired interval can be made, by name. */
export function rowTerms(kept: KeptRows, results: EvaluationResults): ReadonlyMap<string, RowTerm> {
  return new Map(termsOf(kept, results));
}

function termsOf(kept: KeptRows, results: EvaluationResults): Found {
  switch (results.task) {
    case "binary":
      return binaryTerms(kept, results);
    case "multiclass":
      return multiclassTerms(kept, results);
    case "multilabel":
      return multilabelTerms(kept, results);
    case "regression":
      return regressionTerms(kept, results);
    case "quantile":
      return quantileTerms(kept);
    case "forecasting":
      return [...regressionTerms(kept, results), ...quantileTerms(kept)];
    case "survival":
      return survivalTerms(kept);
    case "ranking":
      return rankingTerms(kept, results);
  }
}
