/** Numbers 0..1, the same for the same seed. */
export type Random = () => number;

/** mulberry32 */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error("picked from an empty list");
  return found;
};
export const whole = (random: Random, low: number, high: number) =>
  low + Math.floor(random() * (high - low + 1));

export const words = ["a", "b", "ab", "abc", "B", "Zoë", "x y", "2020-01-02", "12", "", "naïve", "a\nb"];
export const days = ["2020-01-01", "2020-01-02", "2020-02-29", "2019-12-31"];
export const times = [
  "2020-01-01T00:00:00",
  "2020-01-02T03:04:05",
  "2020-01-02T03:04:05.500000",
  "2019-12-31T23:59:59",
];
export const doubles = [-1.5, 0, 0.1, 0.2, 1, 2.5, 3, 1e10, 7.25];
