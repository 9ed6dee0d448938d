import { joinPools, type Pool, type PoolMaker } from "../calibration/isotonic.ts";
import { type LogOdds, type LogOddsRoom, LogOddsWalk } from "../calibration/log-odds.ts";
import type { ScoreHistogram } from "../details.ts";
import { type CutBudget, type CutRoom, type Cuts, CutWalk } from "./curves.ts";
import type { GroupSettings, GroupTotals } from "./group-figures.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { HistogramWalk } from "./score-histogram.ts";
import { type Choice, ChoiceWalk } from "./threshold-choices.ts";
import type { Span, Totals } from "./totals.ts";

/** What some of all rows add to the details; undefined where the table has none of a kind. */
export interface DetailFigures {
  readonly cuts: Cuts;
  readonly choices: readonly (Choice | undefined)[] | undefined;
  readonly histogram: ScoreHistogram;
  /** Lowest first. */
  readonly pools: readonly Pool[];
  readonly logOdds: LogOdds | undefined;
}

/** What the walks of one thread share. */
export interface DetailTools {
  /** Of the histogram. */
  readonly edges: readonly number[];
  readonly budget: CutBudget;
  readonly maker: PoolMaker;
  readonly cutRoom: CutRoom;
  readonly oddsRoom: LogOddsRoom;
  /** Of log-odds. */
  readonly clip: number;
  /** What lies above some of the scores. */
  readonly someAbove: readonly Totals[];
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
  readonly #tools: DetailTools;

  constructor(known: GroupTotals, { kind, options }: GroupSettings, tools: DetailTools) {
    const { totals } = known;
    const { edges, budget, cutRoom, someAbove } = tools;
    this.#tools = tools;
    this.#cuts = new CutWalk(cutRoom, totals, budget);
    this.#choices =
      totals.positives > 0 && totals.negatives > 0
        ? new ChoiceWalk(cutRoom.kernel, totals, options, someAbove)
        : undefined;
    this.#histogram = new HistogramWalk(cutRoom.kernel, edges);
    this.#isProbability = kind === "probability";
    this.#rows = known.positiveRows + known.negativeRows;
  }

  add(blocks: ScoreBlocks, span: Span): void {
    this.#cuts.add(blocks, span.above);
    this.#choices?.add(blocks, span);
    this.#histogram.add(blocks);
    if (!this.#isProbability) return;
    this.#pools.push(this.#tools.maker.pools(blocks));
    this.#logOdds ??= new LogOddsWalk(this.#tools.oddsRoom, this.#rows, this.#tools.clip);
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
