import { type Bar, bothReliabilities, joinBars } from "../calibration/reliability.ts";
import type { Confusion } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { BinaryOptions } from "./binary-input.ts";
import { joinLosses, type LogLosses, type Losses, LossWalk } from "./losses.ts";
import { joinRankings, type RankingSums, RankingWalk } from "./ranking.ts";
import type { PlacedBlocks, ScoreBlocks } from "./score-blocks.ts";
import { joinCounts, ThresholdWalk } from "./threshold-counts.ts";
import { joinAreas, PartialAreaWalk, TopShareWalk } from "./top-shares.ts";
import { type Span, spanOf, type Totals } from "./totals.ts";

export interface GroupSettings {
  readonly threshold: number | null;
  /** Of the whole column, not of a group: scores in [0, 1], other scores, or predicted classes. */
  readonly kind: "probability" | "score" | "class";
  readonly options: BinaryOptions;
}

/** What is known of a group before its blocks are looked at. */
export interface GroupTotals {
  readonly totals: Totals;
  readonly positiveRows: number;
  readonly negativeRows: number;
  readonly isWeighted: boolean;
}

/** What some rows of a group add to its figures. */
export interface GroupFigures {
  /** Undefined without rows here. */
  readonly range: { readonly lowest: number; readonly highest: number } | undefined;
  readonly ranking: RankingSums;
  readonly threshold: Confusion;
  readonly losses: Losses;
  readonly uniform: readonly Bar[];
  readonly quantile: readonly Bar[];
  readonly topShares: readonly (number | undefined)[];
  readonly partialAreas: readonly number[];
}

/** Bins of calibration errors and tables (Guo et al. 2017 take 15). */
export function binsOf(options: BinaryOptions): number {
  return options.calibrationBins ?? 15;
}

export function sharesOf({ shares = [0.1] }: BinaryOptions): readonly number[] {
  return shares;
}

/** Goes down the blocks of a group, from what lies above them. */
export class GroupWalk {
  readonly #kernel: Kernel;
  readonly #settings: GroupSettings;
  readonly #totals: Totals;
  #above: Totals;
  #range: GroupFigures["range"];
  readonly #ranking: RankingWalk;
  readonly #losses = new LossWalk();
  readonly #uniform: Bar[] = [];
  readonly #quantile: Bar[] = [];
  readonly #topShares: readonly TopShareWalk[];
  readonly #partialAreas: readonly PartialAreaWalk[];
  readonly #threshold: ThresholdWalk;

  constructor(kernel: Kernel, { totals, isWeighted }: GroupTotals, above: Totals, settings: GroupSettings) {
    const { options } = settings;
    this.#kernel = kernel;
    this.#settings = settings;
    this.#totals = totals;
    this.#above = above;
    this.#ranking = new RankingWalk(kernel, totals, isWeighted);
    this.#topShares = sharesOf(options).map((share) => new TopShareWalk(totals, share));
    this.#partialAreas = (options.maxFprs ?? []).map((maxFpr) => new PartialAreaWalk(totals, maxFpr));
    this.#threshold = new ThresholdWalk(kernel, settings.threshold ?? 0);
  }

  add(blocks: PlacedBlocks, logLosses: LogLosses): Span {
    const span = spanOf(blocks, this.#above);
    const [highest = 0] = blocks.scores;
    const lowest = blocks.scores.at(-1) ?? 0;
    this.#range = { highest: this.#range?.highest ?? highest, lowest };
    this.#ranking.add(blocks, span.above);
    this.#threshold.add(blocks);
    for (const walk of this.#topShares) walk.add(blocks, span);
    for (const walk of this.#partialAreas) walk.add(blocks, span);
    if (this.#settings.kind === "probability") {
      this.#losses.add(blocks, logLosses);
      this.#addBars(blocks, span);
    }
    this.#above = span.end;
    return span;
  }

  #addBars(blocks: ScoreBlocks, { above }: Span): void {
    const bins = binsOf(this.#settings.options);
    const weight = this.#totals.positives + this.#totals.negatives;
    const bars = bothReliabilities(this.#kernel, blocks, { bins, weight }, above.positives + above.negatives);
    this.#uniform.push(...bars.uniform);
    this.#quantile.push(...bars.quantile);
  }

  get figures(): GroupFigures {
    return {
      range: this.#range,
      ranking: this.#ranking.sums,
      threshold: this.#threshold.counts,
      losses: this.#losses.losses,
      uniform: joinBars(this.#uniform),
      quantile: joinBars(this.#quantile),
      topShares: this.#topShares.map((walk) => walk.reached),
      partialAreas: this.#partialAreas.map((walk) => walk.area),
    };
  }
}

/** Of all parts of a group's rows, highest scores first. */
export function joinFigures(parts: readonly GroupFigures[]): GroupFigures {
  const there = parts.filter((part) => part.range !== undefined);
  const [first] = there;
  const last = there.at(-1);
  const list = (of: (part: GroupFigures) => readonly number[], index: number) =>
    parts.map((part) => of(part)[index] ?? 0);
  return {
    range:
      first?.range === undefined || last?.range === undefined
        ? undefined
        : { highest: first.range.highest, lowest: last.range.lowest },
    ranking: joinRankings(parts.map((part) => part.ranking)),
    threshold: joinCounts(parts.map((part) => part.threshold)),
    losses: {
      logLoss: joinLosses(parts.map((part) => part.losses.logLoss)),
      squaredError: joinLosses(parts.map((part) => part.losses.squaredError)),
    },
    uniform: joinBars(parts.flatMap((part) => part.uniform)),
    quantile: joinBars(parts.flatMap((part) => part.quantile)),
    topShares: (parts[0]?.topShares ?? []).map((_, index) =>
      parts.map((part) => part.topShares[index]).findLast((one) => one !== undefined),
    ),
    partialAreas: (parts[0]?.partialAreas ?? []).map((_, index) =>
      joinAreas(list((part) => part.partialAreas, index)),
    ),
  };
}
