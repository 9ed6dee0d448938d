import { describe, expect, it } from "vitest";
import { ExactSum } from "../../src/metrics/exact-sum.ts";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";

function sum(terms: readonly number[]): number {
  const total = new ExactSum();
  for (const term of terms) total.add(term);
  return total.value;
}

function sumOfAll(...parts: readonly (readonly number[])[]): number {
  const total = new ExactSum();
  for (const terms of parts) total.addAll(Float64Array.from(terms));
  return total.value;
}

/** The exact sum of doubles as a fraction of 2^1074, rounded by BigInt arithmetic: an independent way to the same number. */
function sumByBigInt(terms: readonly number[]): number {
  const scaled = terms.reduce((total, term) => total + scale(term), 0n);
  return unscale(scaled);
}

function scale(term: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, term);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return bits >> 63n === 1n ? -magnitude : magnitude;
}

function unscale(scaled: bigint): number {
  const magnitude = scaled < 0n ? -scaled : scaled;
  const excess = BigInt(Math.max(0, magnitude.toString(2).length - 53));
  let mantissa = magnitude >> excess;
  const rest = magnitude - (mantissa << excess);
  const half = excess === 0n ? 0n : 1n << (excess - 1n);
  if (excess > 0n && (rest > half || (rest === half && (mantissa & 1n) === 1n))) mantissa += 1n;
  const value = Number(mantissa) * 2 ** (Number(excess) - 1000) * 2 ** -74;
  return scaled < 0n ? -value : value;
}

describe("ExactSum", () => {
  it("is the exact sum, rounded once", () => {
    expect(sum([1e100, 1, -1e100])).toBe(1);
    expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(sum([])).toBe(0);
    expect(sum([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52);
    expect(sum([1, 2 ** -53])).toBe(1);
    expect(sum([1e308, 1e308])).toBe(Number.POSITIVE_INFINITY);
    expect(sum([1, Number.NaN])).toBeNaN();
  });

  it("equals big-integer arithmetic on random terms", () => {
    const term = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -60, max: 60 }));
    fc.assert(
      fc.property(fc.array(term, { maxLength: 40 }), (pairs) => {
        const terms = pairs.map(([value, exponent]) => value * 2 ** exponent);
        expect(sum(terms) + 0).toBe(sumByBigInt(terms) + 0);
      }),
    );
  });

  it("equals big-integer arithmetic on thousands of terms, near to each other and far apart", () => {
    const few = fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e150, max: 1e150 });
    const many = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 300, maxLength: 3000 });
    fc.assert(
      fc.property(many, fc.integer({ min: -300, max: 300 }), fc.array(few), (values, exponent, others) => {
        const terms = values.map((value) => value * 2 ** exponent);
        const mixed = [...terms, ...others, ...terms.slice(0, 300)];
        expect(sum(mixed) + 0).toBe(sumByBigInt(mixed) + 0);
        expect(sum(mixed.toReversed()) + 0).toBe(sum(mixed) + 0);
        expect(sumOfAll(mixed) + 0).toBe(sum(mixed) + 0);
        expect(sumOfAll(others, terms, [], mixed.slice(0, 9)) + 0).toBe(
          sumByBigInt([...others, ...terms, ...mixed.slice(0, 9)]) + 0,
        );
      }),
      { numRuns: times(60, 1500) },
    );
  });

  it("is not finite where a term is not, however late", () => {
    const terms = Array.from({ length: 1000 }, () => 1);
    expect(sum([...terms, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(sum([...terms, Number.NaN, 1])).toBeNaN();
    expect(sum([...terms, 1e308, 1e308])).toBe(Number.POSITIVE_INFINITY);
    expect(sumOfAll([...terms, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(sumOfAll(terms, [Number.NaN, 1])).toBeNaN();
    expect(sumOfAll(terms, [1e308, 1e308])).toBe(Number.POSITIVE_INFINITY);
  });

  it("of many arrays is the same whatever comes first", () => {
    const zeros = Array.from({ length: 3000 }, () => 0);
    const small = zeros.map((_, row) => (row - 99) * 2 ** -300);
    const large = zeros.map((_, row) => 1 / (row + 1));
    const expected = sumByBigInt([...small, ...large]);
    for (const parts of [
      [zeros, small, large],
      [large, zeros, small],
      [small, large.slice(0, 100), large.slice(100)],
    ])
      expect(sumOfAll(...parts)).toBe(expected);
  });
});
