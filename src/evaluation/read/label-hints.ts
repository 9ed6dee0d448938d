import { areEncoded } from "./class-names.ts";
import type { Dictionary } from "./dictionary.ts";

/** What to do about labels of two names, of which nobody said which counts as 1. */
export function classHint(dictionary: Dictionary | undefined): string | undefined {
  const texts = dictionary?.texts ?? [];
  const [one, other] = [...texts].sort().toReversed();
  if (texts.length !== 2 || areEncoded(texts) || one === undefined || other === undefined) return undefined;
  return `Say which class counts as 1: --positive-class ${one}, or ${other}.`;
}

/** What to do about amounts that stand where labels of two classes should. */
export const valuesHint =
  "A score is of two classes, 0 and 1. Name a column of predicted values with --prediction, and those of several classes with --probability and --class.";
