import { MlopsError } from "../errors.ts";
import type { ModelScores } from "./scorer.ts";

/** What is the same for two spellings of one class: `1`, `1.0`, `True` and `true`. */
function canonical(name: string): string {
  const text = name.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? "1" : "0";
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? String(number) : name;
}

/** The place of a class: by its exact name, else as the same number or truth value; -1 where it is not there. */
export function findClass(classes: readonly string[], wanted: string): number {
  const exact = classes.indexOf(wanted);
  return exact >= 0 ? exact : classes.map(canonical).indexOf(canonical(wanted));
}

/** Whether these are 0 and 1 or -1 and 1: made from other names, the higher stands for the positive class. */
function isEncoded(classes: readonly string[]): boolean {
  return classes.every((name) => ["-1", "0", "1"].includes(canonical(name)));
}

/** What a person should know where a model's classes have names and nobody said which of them counts as 1. */
export function guessNotes(
  { kind, classes }: Pick<ModelScores, "kind" | "classes">,
  positiveClass: string | undefined,
): readonly string[] {
  const [first, second] = classes;
  if (kind !== "score" || positiveClass !== undefined || classes.length !== 2 || isEncoded(classes))
    return [];
  const names = `${JSON.stringify(first)} and ${JSON.stringify(second)}`;
  return [
    `the model knows the classes ${names}: the second was taken for the label 1; --positive-class says which, with labels of these names`,
  ];
}

/** Which of a model's two classes counts as 1. Throws `child-failed` where the model does not know the one that was named. */
export function positiveIndex(classes: readonly string[], positiveClass: string | undefined): number {
  if (positiveClass === undefined || classes.length === 0) return 1;
  const index = findClass(classes, positiveClass);
  if (index >= 0) return index;
  if (isEncoded(classes) && !isEncoded([positiveClass])) return 1;
  throw new MlopsError({
    kind: "child-failed",
    code: "SCORER_CLASSES",
    message: `The model knows the classes ${classes.join(", ")}, and not ${positiveClass} (--positive-class).`,
    hint: "Evaluate on labels that are called what they were called in training.",
  });
}
