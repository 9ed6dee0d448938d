import { invalid } from "./refusal.ts";

export const stages = ["None", "Staging", "Production", "Archived"] as const;
export type Stage = (typeof stages)[number];

/** `production` -> `Production`; 400 for anything that is no stage. */
export function canonicalStage(stage: string): Stage {
  const known = stages.find((name) => name.toLowerCase() === stage.toLowerCase());
  if (known !== undefined) return known;
  throw invalid(`Invalid Model Version stage: ${stage}. Value must be one of ${stages.join(", ")}.`);
}
