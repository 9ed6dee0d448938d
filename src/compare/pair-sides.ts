import { MlopsError } from "../errors.ts";
import { type KeptRows, readKept } from "../evaluation/kept/read-kept.ts";
import { makeTemporaryFolder, removeFolder } from "../files.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { comparedNames, primaryOf } from "./comparison.ts";
import { type PairingWorld, pairedChanges } from "./paired-changes.ts";
import type { Pairing } from "./pairing.ts";
import type { Side } from "./side.ts";
import { rowAt } from "./terms/row-term.ts";

interface World extends PairingWorld {
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
        refuseOtherRows(pair[0].kept, pair[1].kept);
        const { signal, onDone } = world;
        const wanted = { metrics: names, primary: primaryOf(names), signal, onDone };
        pairings.push({ label: other.label, reason: null, ...(await pairedChanges(...pair, wanted)) });
      } catch (error) {
        world.signal.throwIfAborted();
        if (!(error instanceof MlopsError)) throw error;
        pairings.push({
          label: other.label,
          reason: reasonOf(error),
          changes: new Map(),
          bootstrap: undefined,
        });
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
  }
  if (a.evalSet.sha256 !== b.evalSet.sha256) throw unpaired("the evaluation sets differ");
  if (a.task !== b.task) throw unpaired(`one is of the task ${a.task}, the other of ${b.task}`);
  if (a.task === "forecasting" && a.columns.series === undefined)
    throw unpaired("the errors of one series depend on each other");
  return [a, b];
}

/** The digest of a set is of ids and labels: weights, queries and series of the same rows may still differ. */
function refuseOtherRows(first: KeptRows, other: KeptRows): void {
  const { rows } = first.data;
  const sameOf = (of: (kept: KeptRows) => ((row: number) => number) | undefined) => {
    const [one, two] = [of(first), of(other)];
    if (one === undefined || two === undefined) return one === two;
    const twins = new Map<number, number>();
    const backwards = new Map<number, number>();
    for (let place = 0; place < rows; place += 1) {
      const [a, b] = [one(rowAt(first, place)), two(rowAt(other, place))];
      if ((twins.get(a) ?? b) !== b || (backwards.get(b) ?? a) !== a) return false;
      twins.set(a, b);
      backwards.set(b, a);
    }
    return true;
  };
  const codesOf = (codes: Uint32Array | undefined) => codes && ((row: number) => codes[row] ?? 0);
  if (!sameOf(({ data }) => codesOf(data.queries?.codes))) throw unpaired("the queries of the rows differ");
  if (!sameOf(({ data }) => codesOf(data.series?.codes))) throw unpaired("the series of the rows differ");
  const weightAt = (kept: KeptRows, place: number) => kept.data.weights?.[rowAt(kept, place)] ?? 1;
  for (let place = 0; place < rows; place += 1)
    if (weightAt(first, place) !== weightAt(other, place)) throw unpaired("the weights of the rows differ");
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
