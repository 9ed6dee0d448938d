import * as z from "zod";

/** A number, also an infinite one. */
const anyNumber = z.custom<number>(
  (value) => typeof value === "number" && !Number.isNaN(value),
  "expected a number",
);
const weight = z.number().min(0);

export const partitionObject = z.looseObject({
  bins: z.array(anyNumber).optional(),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  weights: z.array(weight).optional(),
  tail_weights: z.array(weight).optional(),
});

export type Category = string | number | boolean;

/** What a column is expected to be like. */
export type Partition =
  | { readonly kind: "categories"; readonly values: readonly Category[]; readonly weights: readonly number[] }
  | {
      readonly kind: "bins";
      readonly bins: readonly number[];
      readonly weights: readonly number[];
      readonly tailWeights: readonly [number, number] | undefined;
    };

/** The partition that is meant, or why it is none. Weights sum to 1, as numpy's allclose has it. */
export function partitionOf(written: z.output<typeof partitionObject>): Partition | string {
  const { bins, values, weights, tail_weights } = written;
  if (weights === undefined) return "partition_object has no weights";
  if (values !== undefined && values.length === weights.length && isOne(weights))
    return { kind: "categories", values, weights };
  if (bins === undefined)
    return values === undefined
      ? "partition_object has neither bins nor values"
      : "partition_object: there has to be a weight for each value, and all of them have to sum to 1";
  if (tail_weights !== undefined && tail_weights.length !== 2) return "tail_weights has to be two weights";
  if (bins.length !== weights.length + 1)
    return "partition_object: there has to be one bin edge more than weights";
  if (bins.some((edge, index) => index > 0 && edge <= (bins[index - 1] ?? edge)))
    return "bins have to increase";
  if (!isOne([...weights, ...(tail_weights ?? [])]))
    return "the weights of partition_object have to sum to 1";
  const [low, high] = tail_weights ?? [];
  const tailWeights = low === undefined || high === undefined ? undefined : ([low, high] as const);
  return { kind: "bins", bins, weights, tailWeights };
}

function isOne(weights: readonly number[]): boolean {
  const sum = weights.reduce((total, one) => total + one, 0);
  return Math.abs(sum - 1) <= 1e-8 + 1e-5;
}

/**
 * Kullback-Leibler divergence of `observed` from `expected` in nats, both scaled to sum to 1 (as scipy's `entropy`).
 * Infinite where something was observed that was not expected at all, NaN where one of them is all zero.
 */
export function divergence(observed: readonly number[], expected: readonly number[]): number {
  const [observedSum, expectedSum] = [sumOf(observed), sumOf(expected)];
  if (observedSum === 0 || expectedSum === 0) return Number.NaN;
  let total = 0;
  for (const [index, weight] of observed.entries()) {
    const p = weight / observedSum;
    const q = (expected[index] ?? 0) / expectedSum;
    if (p > 0) total += q === 0 ? Number.POSITIVE_INFINITY : p * Math.log(p / q);
  }
  return total;
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((total, one) => total + one, 0);
}
