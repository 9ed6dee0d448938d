import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { pythonEnvironment } from "../support/python.ts";
import type { RandomExpectation } from "./gx-random.ts";

const python = path.resolve(import.meta.dirname, "../../.cache/venv-gx/bin/python");
const script = path.join(import.meta.dirname, "gx-real.py");

/** Whether Great Expectations is installed: `npm run test:full` does it. */
export const hasGreatExpectations = existsSync(python);

const answer = z.union([
  z.strictObject({ refused: z.string() }),
  z.strictObject({
    success: z.boolean(),
    raised: z.string().nullable(),
    result: z.record(z.string(), z.unknown()),
  }),
]);
export type RealAnswer = z.infer<typeof answer>;

export interface RealRound {
  /** A Parquet file. */
  readonly data: string;
  readonly expectations: readonly RandomExpectation[];
}

/** What Great Expectations says, for each round a map from the id of the expectation. */
export async function askGreatExpectations(
  rounds: readonly RealRound[],
  folder: string,
): Promise<Readonly<Record<string, RealAnswer>>[]> {
  const file = path.join(folder, "rounds.json");
  await writeFile(file, JSON.stringify(rounds));
  const { stdout } = await execa(python, [script, file], {
    cwd: folder,
    env: pythonEnvironment({}),
    extendEnv: false,
    stdin: "ignore",
    timeout: 600_000,
  });
  return z.array(z.record(z.string(), answer)).parse(JSON.parse(stdout));
}
