import { MlopsError } from "../../../src/errors.ts";

/** The error of ours that `work` throws; fails the test where it throws none, or another. */
export function thrownBy(work: () => unknown): MlopsError {
  try {
    work();
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
