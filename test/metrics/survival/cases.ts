import type { SurvivalInput } from "../../../src/metrics/survival/survival-input.ts";
import { pick } from "../random-cases.ts";

export interface Case {
  readonly durations: number[];
  readonly events: number[];
  readonly risks: number[];
  readonly weights: number[] | null;
  readonly tau: number;
  readonly survivals: readonly { readonly time: number; readonly values: number[] }[];
}

/** Up to 120 rows: equal durations and risks, all censored or none, one row, weights of 0, huge and tiny risks. */
export function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 120);
  const seen = pick([0.1, 0.5, 0.5, 0.8, 1, 0], random);
  const [timeSteps, riskSteps] = [pick([0, 3, 20], random), pick([0, 2, 10], random)];
  const scale = pick([1, 1, 1e-30, 1e30], random);
  const isNarrow = random() < 0.2;
  const stepped = (value: number, steps: number) => (steps === 0 ? value : Math.round(value * steps) / steps);
  const hazards = Array.from({ length: rows }, () => random());
  const risks = hazards.map((hazard) => {
    const risk = stepped(hazard + 0.7 * random() - 0.5, riskSteps) * scale;
    return isNarrow ? Math.fround(risk) : risk;
  });
  const kind = pick(["none", "none", "whole", "real"], random);
  const weights = hazards.map(() => (kind === "whole" ? Math.floor(random() * 3) : random() * 10));
  if (!weights.some((weight) => weight > 0)) weights[0] = 1;
  return {
    durations: hazards.map((hazard) => stepped((1.2 - hazard) * (random() + 0.1), timeSteps) * 10),
    events: hazards.map(() => (random() < seen ? 1 : 0)),
    risks,
    weights: kind === "none" ? null : weights,
    tau: pick([2, 5, 8], random),
    // Not in the order of time.
    survivals: [4, 0.5, 6, pick([2.5, 9, 12], random)].map((time) => ({
      time,
      values: hazards.map((hazard) => stepped(Math.exp((-time * hazard) / 5), riskSteps)),
    })),
  };
}

export function inputOf({ durations, events, risks, weights, tau, survivals }: Case): SurvivalInput {
  return {
    durations: Float64Array.from(durations),
    events: Uint8Array.from(events),
    risks: Float64Array.from(risks),
    weights: weights === null ? undefined : Float64Array.from(weights),
    taus: [tau],
    survivals: survivals.map(({ time, values }) => ({ time, values: Float64Array.from(values) })),
  };
}

/** The same rows in another order, or some of them, also several times. */
export function rowsOf(one: Case, rows: readonly number[]): Case {
  const chosen = (values: number[]) => rows.map((row) => values[row] ?? 0);
  return {
    ...one,
    durations: chosen(one.durations),
    events: chosen(one.events),
    risks: chosen(one.risks),
    weights: one.weights === null ? null : chosen(one.weights),
    survivals: one.survivals.map(({ time, values }) => ({ time, values: chosen(values) })),
  };
}
