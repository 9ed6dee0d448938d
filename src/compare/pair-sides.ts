import { MlopsError } from "../errors.ts";
import { type KeptRows, readKept } from "../evaluation/kept/read-kept.ts";
import { makeTemporaryFolder, removeFolder } from "../files.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { comparedNames, primaryOf } from "./comparison.ts";
import { pairedChanges } from "./paired-changes.ts";
import type { Pairing } from "./pairing.ts";
import type { Side } from "./side.ts";

interface World {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Empty: all metrics. */
  readonly only: readonly string[];
}

/**
 * Pairs each side with the first one where both were measured on the same rows and kept their scores with row ids. One `Pairing` for each
 * side from the second on.
 */
export async function pairSides(sides: readonly Side[], world: World): Promise<Pairing[]> {
  const [first, ...others] = sides;
  if (first === undefined) return [];
  let made: Promise<string> | undefined;
  const folder = () => {
    made ??= makeTemporaryFolder("mlops-compare-");
    return made;
  };
  const read = new Map<Side, Promise<KeptRows>>();
  const rowsOf = (side: Side, results: EvaluationResults) => {
    const known = read.get(side) ?? keptRows(side, results, { ...world, folder });
    // The other sides are read one after another; of the first one the rows are kept.
    if (side === first) read.set(side, known);
    return known;
  };
  try {
    const names = comparedNames(sides, world.only);
    const pairings: Pairing[] = [];
    for (const other of others) {
      try {
        const [a, b] = comparable(first, other);
        const pair = [
          { kept: await rowsOf(first, a), results: a },
          { kept: await rowsOf(other, b), results: b },
        ] as const;
        const wanted = { metrics: names, primary: primaryOf(names) };
        pairings.push({ label: other.label, reason: null, changes: pairedChanges(...pair, wanted) });
      } catch (error) {
        world.signal.throwIfAborted();
        if (!(error instanceof MlopsError)) throw error;
        pairings.push({ label: other.label, reason: reasonOf(error), changes: new Map() });
      }
    }
    return pairings;
  } finally {
    // Where none could be made, nothing is paired, and that was said.
    const folderMade = await made?.catch(() => undefined);
    if (folderMade !== undefined) await removeFolder(folderMade);
  }
}

/** The two results, or the first reason why their rows cannot be paired. */
function comparable(first: Side, other: Side): readonly [EvaluationResults, EvaluationResults] {
  const [a, b] = [ownResults(first), ownResults(other)];
  for (const [side, results] of [
    [first, a],
    [other, b],
  ] as const) {
    if (results.evalSet.identifiedBy !== "row-id")
      throw unpaired(`${side.label} was measured without row ids (--row-id)`);
    if (results.weight !== undefined)
      throw unpaired(`${side.label} has weights, which paired intervals do not take`);
  }
  if (a.evalSet.sha256 !== b.evalSet.sha256) throw unpaired("the evaluation sets differ");
  if (a.task !== b.task) throw unpaired(`one is of the task ${a.task}, the other of ${b.task}`);
  if (a.task === "ranking") throw unpaired("rankings are measured by query, not by row");
  return [a, b];
}

function ownResults({ label, results }: Side): EvaluationResults {
  if (results !== undefined) return results;
  throw unpaired(`${label} has no result file of \`mlops evaluate\``);
}

async function keptRows(
  side: Side,
  results: EvaluationResults,
  at: World & { folder(): Promise<string> },
): Promise<KeptRows> {
  const file = await side.fetchScores(at.folder);
  if (file === undefined)
    throw unpaired(
      `${side.label} kept no scores that can be found (evaluate with --scores-path, beside the result)`,
    );
  return await readKept(file, results, { ...at, uri: `the kept scores of ${side.label}` });
}

/** In one line, without its full stop. */
function reasonOf(error: MlopsError): string {
  return error.message.replaceAll("\n", " ").replace(/\.$/, "");
}

function unpaired(reason: string): MlopsError {
  return new MlopsError({ kind: "not-evaluable", code: "NOT_PAIRED", message: reason });
}
