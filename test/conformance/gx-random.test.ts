import { expect, it } from "vitest";
import type { GxExpectationResult } from "../../src/data/gx/gx-result.ts";
import { readSuite } from "../../src/data/gx/suite.ts";
import { MlopsError } from "../../src/errors.ts";
import { writeQuery } from "../data/gx/parquet.ts";
import { runSuite } from "../data/gx/run-suite.ts";
import { temporaryFolder } from "../support/folder.ts";
import { times } from "../support/full.ts";
import { randomDifferences } from "./gx-differences.ts";
import { type RandomExpectation, randomRound } from "./gx-random.ts";
import { askGreatExpectations, hasGreatExpectations, type RealRound } from "./gx-real.ts";

const rounds = times(2, 25);
const size = 40;

it.skipIf(!hasGreatExpectations)(
  "random suites over random tables give what Great Expectations gives (it is installed by test:full)",
  async () => {
    const folder = temporaryFolder();
    const made: RealRound[] = [];
    for (let seed = 1; seed <= rounds; seed += 1) {
      const { sql, expectations } = randomRound(seed, size);
      made.push({ data: await writeQuery(sql, folder, `round-${seed}`), expectations });
    }
    const real = await askGreatExpectations(made, folder);
    const found: string[] = [];
    for (const [place, round] of made.entries()) {
      const ours = await judged(round, folder);
      for (const expectation of round.expectations) {
        const theirs = real[place]?.[expectation.id];
        if (theirs === undefined) throw new Error(`no answer to ${expectation.id}`);
        found.push(...randomDifferences(expectation, theirs, ours.get(expectation.id)));
      }
    }
    expect(found, found.join("\n")).toEqual([]);
  },
  600_000,
);

/** Results by id; those that the suite is refused for have none. */
async function judged(round: RealRound, cwd: string): Promise<ReadonlyMap<string, GxExpectationResult>> {
  const now = new Date();
  const suiteOf = (expectations: readonly RandomExpectation[]) => JSON.stringify({ name: "s", expectations });
  const accepted = round.expectations.filter((one) => {
    try {
      readSuite({ text: suiteOf([one]), shown: "s.json", parameters: new Map(), now });
      return true;
    } catch (error) {
      if (error instanceof MlopsError) return false;
      throw error;
    }
  });
  const { gx } = await runSuite({ suite: suiteOf(accepted), file: round.data, cwd, now });
  return new Map(gx.results.map((result, place) => [accepted[place]?.id ?? "", result]));
}
