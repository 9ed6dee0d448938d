import { fc } from "../support/fast-check.ts";

/** One way to damage a file. `at` and `length` are shares of the file's length, so that one damage fits files of every size. */
export type Damage =
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "overwrite"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "remove"; readonly at: number; readonly count: number }
  | { readonly kind: "repeat"; readonly at: number; readonly count: number };

/** Every place as likely as another: fast-check would else try both ends of the file most of the time. */
const at = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1_000_000);
const few = fc.uint8Array({ minLength: 1, maxLength: 12 });
const count = fc.integer({ min: 1, max: 64 });

/** One damage, for tests that have to know what it did. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut"), at }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("flip"), at, bit: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("overwrite"), at, bytes: few }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("insert"), at, bytes: few }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), at, count }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat"), at, count }) },
);

/** One or two damages, one after the other. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(damage, { minLength: 1, maxLength: 2 });

/** `bytes` with the damages done to a copy. */
export function damaged(bytes: Uint8Array, list: readonly Damage[]): Buffer {
  let result: Buffer = Buffer.from(bytes);
  for (const one of list) result = damagedOnce(result, one);
  return result;
}

function damagedOnce(bytes: Buffer, one: Damage): Buffer {
  const place = Math.floor(one.at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (one.kind) {
    case "cut":
      return before;
    case "flip": {
      const copy = Buffer.from(bytes);
      if (place < copy.length) copy[place] = (copy[place] ?? 0) ^ (1 << one.bit);
      return copy;
    }
    case "overwrite":
      return Buffer.concat([before, one.bytes, after.subarray(one.bytes.length)]);
    case "insert":
      return Buffer.concat([before, one.bytes, after]);
    case "remove":
      return Buffer.concat([before, after.subarray(one.count)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, one.count), after]);
  }
}
