import { isotonicPools, joinPools, type Pool } from "../calibration/isotonic.ts";
import { joinLogOdds, type LogOdds, LogOddsWalk } from "../calibration/log-odds.ts";
import type { ScoreHistogram } from "../details.ts";
import { type Cuts, CutWalk } from "./curves.ts";
import type { GroupSettings, GroupTotals } from "./group-figures.ts";
import { clipOf } from "./losses.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { HistogramWalk } from "./score-histogram.ts";
import { type Choice, ChoiceWalk } from "./threshold-choices.ts";
import type { Span } from "./totals.ts";

/** What some of all rows add to the details; undefined where the table has none of a kind. */
export interface DetailFigures {
  readonly cuts: Cuts;
  readonly choices: readonly (Choice | undefined)[] | undefined;
  readonly histogram: ScoreHistogram;
  /** Lowest first. */
  readonly pools: readonly Pool[];
  readonly logOdds: LogOdds | undefined;
}

/** Goes down the blocks of all rows. */
export class DetailWalk {
  readonly #cuts: CutWalk;
  readonly #choices: ChoiceWalk | undefined;
  readonly #histogram: HistogramWalk;
  readonly #pools: (readonly Pool[])[] = [];
  #logOdds: LogOddsWalk | undefined;
  readonly #isProbability: boolean;
  readonly #rows: number;

  constructor(known: GroupTotals, edges: readonly number[], { kind, options }: GroupSettings) {
    const { totals } = known;
    this.#cuts = new CutWalk(totals);
    this.#choices =
      totals.positives > 0 && totals.negatives > 0 ? new ChoiceWalk(totals, options) : undefined;
    this.#histogram = new HistogramWalk(edges);
    this.#isProbability = kind === "probability";
    this.#rows = known.positiveRows + known.negativeRows;
  }

  add(blocks: ScoreBlocks, span: Span): void {
    this.#cuts.add(blocks, span.above);
    this.#choices?.add(blocks, span);
    this.#histogram.add(blocks);
    if (!this.#isProbability) return;
    this.#pools.push(isotonicPools(blocks));
    this.#logOdds ??= new LogOddsWalk(this.#rows, clipOf(blocks.scores));
    this.#logOdds.add(blocks);
  }

  /** To be asked for once. */
  get figures(): DetailFigures {
    return {
      cuts: this.#cuts.cuts,
      choices: this.#choices?.choices,
      histogram: this.#histogram.histogram,
      pools: joinPools(this.#pools.toReversed().flat()),
      logOdds: this.#logOdds?.odds,
    };
  }
}

/** Of all parts of the rows, highest scores first. */
export function joinCalibrations(parts: readonly DetailFigures[]): {
  readonly pools: readonly Pool[];
  readonly logOdds: LogOdds;
} {
  return {
    pools: joinPools(parts.toReversed().flatMap((part) => part.pools)),
    logOdds: joinLogOdds(parts.flatMap((part) => part.logOdds ?? [])),
  };
}
