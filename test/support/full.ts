/** `npm run test:full`: the long forms of fault injection and random tests. */
const isFull = process.env["MLOPS_TEST_FULL"] === "true";

/** How often a case is repeated: the short form in every run, the full form in `npm run test:full`. */
export function times(short: number, full: number): number {
  return isFull ? full : short;
}

/** Cases of every run, and further ones of the full form. */
export function cases<Case>(short: readonly Case[], further: readonly Case[]): readonly Case[] {
  return isFull ? [...short, ...further] : short;
}
