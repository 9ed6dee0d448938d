import {
  type CalibrationFigures,
  type CalibrationRequest,
  calibrationFigures,
} from "../calibration/calibration.ts";
import type { PartRequest } from "./bucket-blocks.ts";
import { countParts } from "./count-parts.ts";
import {
  type CellRange,
  type CountRequest,
  cellRange,
  countCells,
  type ScatterRequest,
  scatterRows,
} from "./score-cells.ts";
import { type SortRequest, sortParts } from "./sort-parts.ts";
import { type PartFigures, type WalkRequest, walkParts } from "./walk.ts";

interface Job<Request, Answer> {
  readonly request: Request;
  readonly answer: Answer;
}

/** What can be done here or in another thread. Requests and answers are data; large arrays are in memory that threads share. */
export interface Jobs {
  readonly range: Job<Parameters<typeof cellRange>[0], CellRange>;
  readonly cells: Job<CountRequest, Uint32Array>;
  readonly scatter: Job<ScatterRequest, undefined>;
  readonly sort: Job<SortRequest, undefined>;
  readonly count: Job<PartRequest, undefined>;
  readonly walk: Job<WalkRequest, readonly PartFigures[]>;
  readonly calibrate: Job<CalibrationRequest, CalibrationFigures>;
}

type Do = {
  readonly [Kind in keyof Jobs]: (
    request: Jobs[Kind]["request"],
  ) => Jobs[Kind]["answer"] | Promise<Jobs[Kind]["answer"]>;
};

export const jobs: Do = {
  range: cellRange,
  cells: countCells,
  scatter: scatterRows,
  sort: sortParts,
  count: countParts,
  walk: walkParts,
  calibrate: calibrationFigures,
};

/** A job that another thread asked for: what it sent is what `JobThread.run` was given. Throws a RangeError for a kind that there is not. */
export async function doJob(kind: string, request: unknown): Promise<unknown> {
  if (!isKind(kind)) throw new RangeError(`no job is called ${kind}`);
  return await jobs[kind](request as never);
}

function isKind(kind: string): kind is keyof Jobs {
  return Object.hasOwn(jobs, kind);
}
