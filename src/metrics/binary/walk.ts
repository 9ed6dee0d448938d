import { PoolMaker } from "../calibration/isotonic.ts";
import { LogOddsRoom } from "../calibration/log-odds.ts";
import type { Scores } from "../score-columns.ts";
import type { BlockRoom } from "./block-room.ts";
import { BucketBlocks, type PartRequest, partsLeft } from "./bucket-blocks.ts";
import { CutRoom, newBudget } from "./curves.ts";
import { type DetailFigures, type DetailTools, DetailWalk } from "./detail-figures.ts";
import { type GroupFigures, type GroupSettings, type GroupTotals, GroupWalk } from "./group-figures.ts";
import { clipOf, LogLosses } from "./losses.ts";
import type { PlacedBlocks } from "./score-blocks.ts";
import { noTotals, type Totals } from "./totals.ts";

/** By slot and group. Slot 0 has one group, of all rows; slot `n` has those of the grouping `n - 1`. */
export type BySlot<T> = readonly (readonly T[])[];

export interface WalkRequest extends PartRequest {
  readonly totals: BySlot<GroupTotals>;
  /** By part: the rows, or sums of weights, above it. */
  readonly above: readonly BySlot<Totals>[];
  readonly settings: GroupSettings;
  /** Of the histogram of all rows; undefined: no details are wanted. */
  readonly edges: readonly number[] | undefined;
}

export interface PartFigures {
  readonly part: number;
  readonly groups: BySlot<GroupFigures>;
  readonly details: DetailFigures | undefined;
}

/** What is known before the parts are gone down. */
export type WalkFacts = Pick<WalkRequest, "totals" | "above" | "settings" | "edges">;

/** Memory of one thread that all its parts use, for buckets of so many distinct scores. */
export class WalkTools {
  readonly details: DetailTools | undefined;
  readonly logLosses: LogLosses;

  /** `scores`: of the type of the column. */
  constructor({ above, edges }: WalkFacts, { kernel, mostRows }: BlockRoom, scores: Scores) {
    const clip = clipOf(scores);
    this.logLosses = new LogLosses(kernel, mostRows, clip);
    this.details =
      edges === undefined
        ? undefined
        : {
            edges,
            budget: newBudget(),
            clip,
            maker: new PoolMaker(kernel, mostRows),
            cutRoom: new CutRoom(kernel, mostRows),
            oddsRoom: new LogOddsRoom(kernel, mostRows),
            someAbove: above.flatMap((slots) => slots[0] ?? []),
          };
  }
}

/** Goes down one part. */
export class PartWalk {
  readonly #part: number;
  readonly #walks: BySlot<GroupWalk>;
  readonly #details: DetailWalk | undefined;
  readonly #isProbability: boolean;
  readonly #logLosses: LogLosses;

  constructor({ totals, above, settings }: WalkFacts, part: number, { details, logLosses }: WalkTools) {
    const known = totals[0]?.[0];
    this.#part = part;
    this.#walks = totals.map((groups, slot) =>
      groups.map(
        (one, group) =>
          new GroupWalk(logLosses.kernel, one, above[part]?.[slot]?.[group] ?? noTotals, settings),
      ),
    );
    this.#details =
      details === undefined || known === undefined ? undefined : new DetailWalk(known, settings, details);
    this.#isProbability = settings.kind === "probability";
    this.#logLosses = logLosses;
  }

  /** The next blocks of a group; those of all rows, slot 0, before those of their groups. */
  add(slot: number, group: number, blocks: PlacedBlocks): void {
    if (slot === 0 && this.#isProbability) this.#logLosses.fill(blocks);
    const span = this.#walks[slot]?.[group]?.add(blocks, this.#logLosses);
    if (slot === 0 && span !== undefined) this.#details?.add(blocks, span);
  }

  /** To be asked for once. */
  get figures(): PartFigures {
    const groups = this.#walks.map((slot) => slot.map((walk) => walk.figures));
    return { part: this.#part, groups, details: this.#details?.figures };
  }
}

/** Measures part by part. */
export async function walkParts(request: WalkRequest): Promise<readonly PartFigures[]> {
  const { partition } = request;
  const blocksOf = new BucketBlocks(request);
  try {
    const tools = new WalkTools(request, blocksOf.room, partition.rows.scores);
    const found: PartFigures[] = [];
    for await (const part of partsLeft(request)) {
      const walk = new PartWalk(request, part, tools);
      const end = partition.parts[part + 1] ?? 0;
      for (let bucket = partition.parts[part] ?? 0; bucket < end; bucket += 1) {
        blocksOf.each(bucket, (slot, group, blocks) => walk.add(slot, group, blocks));
      }
      found.push(walk.figures);
    }
    return found;
  } finally {
    blocksOf.close();
  }
}
