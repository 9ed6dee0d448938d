import leven from "leven";

/** `; did you mean "score"` where a known word is near enough, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: leven(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (nearest === undefined || nearest.distance > Math.max(2, Math.floor(word.length / 3))) return "";
  return `; did you mean ${JSON.stringify(nearest.name)}`;
}
