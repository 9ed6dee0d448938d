import type { ColumnProfile } from "../../results/validation-report.ts";
import { Answers } from "../plan/answers.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Engine } from "../plan/engine.ts";
import { detailedColumns, profileFrequencies, profileHistograms, profileOf } from "./profile-measures.ts";

export interface ProfileOptions {
  readonly engine: Engine;
  /** What of a text value may stand in the report: the mask, or the value itself where the user allows it. */
  readonly show: (value: string) => string;
}

/**
 * The profiles of columns by their names, for the HTML page. `first` holds the answers to `profileMeasures(columns)`, asked
 * together with what the rules ask, in the one scan. A column whose figures cannot be found is left out. Throws where the
 * data cannot be read to its end.
 */
export async function columnProfiles(
  columns: readonly PlanColumn[],
  first: Answers,
  { engine, show }: ProfileOptions,
): Promise<ReadonlyMap<string, ColumnProfile>> {
  const second = new Answers(await engine.answer(profileHistograms(columns, first)));
  const third = new Answers(await engine.answer(profileFrequencies(columns, { first, second })));
  const detailed = new Set(detailedColumns(columns));
  const profiles = new Map<string, ColumnProfile>();
  for (const column of columns) {
    const details = detailed.has(column) ? { second, third } : undefined;
    const profile = profileOf(column, { first, details }, show);
    if (profile !== null) profiles.set(column.name, profile);
  }
  return profiles;
}
