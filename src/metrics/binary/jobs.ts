import {
  type CalibrationFigures,
  type CalibrationRequest,
  calibrationFigures,
} from "../calibration/calibration.ts";
import type { Columns } from "./columns.ts";
import { type BinaryGroup, describeGroup, type GroupSettings } from "./describe-group.ts";
import { sortDescending } from "./radix-sort.ts";
import type { RowsByScore, Tags } from "./rows-by-score.ts";
import { scoreBlocks } from "./score-blocks.ts";

/** What can be done here or in another thread. Requests and answers are data; large arrays are in memory that threads share. */
export interface Jobs {
  readonly sort: {
    readonly request: { readonly rows: Columns; readonly scratch: Columns };
    /** In which of the two the sorted rows are. */
    readonly answer: { readonly isInScratch: boolean };
  };
  readonly groups: {
    readonly request: {
      readonly rows: RowsByScore;
      readonly groupings: readonly { readonly tags: Tags; readonly count: number }[];
      readonly settings: GroupSettings;
    };
    /** Of each grouping. */
    readonly answer: readonly (readonly BinaryGroup[])[];
  };
  readonly calibration: { readonly request: CalibrationRequest; readonly answer: CalibrationFigures };
}

type Do = { readonly [Kind in keyof Jobs]: (request: Jobs[Kind]["request"]) => Jobs[Kind]["answer"] };

export const jobs: Do = {
  sort: ({ rows, scratch }) => ({ isInScratch: sortDescending(rows, scratch) !== rows }),
  groups: ({ rows, groupings, settings }) =>
    groupings.map(({ tags, count }) =>
      scoreBlocks(rows, tags, count).map((blocks) => describeGroup(blocks, settings)),
    ),
  calibration: calibrationFigures,
};
