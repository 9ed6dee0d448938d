import type { Columns, Scores } from "../columns.ts";
import type { PlacedBlocks } from "../score-blocks.ts";
import type { RowForm } from "./stored-rows.ts";

/** So many different scores are counted at most. */
export const mostCounted = 65_536;
/** Of counts, in all. */
const mostCounts = 4_000_000;

/** Rows by score, label and group: for many rows of few different scores, which need not be in memory at once. */
export class CountedScores {
  readonly #form: RowForm;
  readonly #most: number;
  readonly #places = new Map<number, number>();
  /** By slot: negative and positive rows of each group in turn, score by score. */
  readonly #counts: readonly { readonly groups: number; readonly rows: Uint32Array }[];

  constructor(form: RowForm) {
    const groups = [1, ...form.groups];
    const perScore = groups.reduce((sum, count) => sum + 2 * count, 0);
    this.#form = form;
    this.#most = Math.max(1, Math.min(mostCounted, Math.floor(mostCounts / perScore)));
    this.#counts = groups.map((count) => ({
      groups: count,
      rows: new Uint32Array(2 * count * this.#most),
    }));
  }

  /** False: there are too many different scores, and nothing of this is worth anything. */
  add({ scores, payloads }: Columns): boolean {
    const fields = [{ shift: 0, mask: 0 }, ...this.#form.fields];
    let last = Number.NaN;
    let place = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      if (score !== last) {
        const known = this.#places.get(score);
        place = known ?? this.#places.size;
        if (place >= this.#most) return false;
        if (known === undefined) this.#places.set(score, place);
        last = score;
      }
      const value = payloads[row] ?? 0;
      for (let slot = 0; slot < fields.length; slot += 1) {
        const counts = this.#counts[slot];
        const field = fields[slot];
        if (counts === undefined || field === undefined) continue;
        const at = 2 * (place * counts.groups + ((value >>> field.shift) & field.mask)) + (value & 1);
        counts.rows[at] = (counts.rows[at] ?? 0) + 1;
      }
    }
    return true;
  }

  /** The blocks of all rows first, then those of each group that has rows. */
  each(take: (slot: number, group: number, blocks: PlacedBlocks) => void): void {
    const order = [...this.#places].sort(([one], [other]) => other - one);
    const scores = order.map(([score]) => score);
    for (const [slot, { groups, rows }] of this.#counts.entries()) {
      for (let group = 0; group < groups; group += 1) {
        const own = order.map(([, place]) => 2 * (place * groups + group));
        const blocks = this.#blocks(
          scores,
          own.map((at) => ({ negatives: rows[at] ?? 0, positives: rows[at + 1] ?? 0 })),
        );
        if (blocks.scores.length > 0) take(slot, group, blocks);
      }
    }
  }

  #blocks(
    scores: readonly number[],
    counts: readonly { readonly negatives: number; readonly positives: number }[],
  ): PlacedBlocks {
    const places = scores.flatMap((_, place) => {
      const count = counts[place];
      return count === undefined || count.negatives + count.positives === 0 ? [] : [place];
    });
    const positives = Uint32Array.from(places, (place) => counts[place]?.positives ?? 0);
    const negatives = Uint32Array.from(places, (place) => counts[place]?.negatives ?? 0);
    const own = places.map((place) => scores[place] ?? 0);
    const ofWidth: Scores =
      this.#form.like instanceof Float64Array ? Float64Array.from(own) : Float32Array.from(own);
    const sum = (values: Uint32Array) => values.reduce((all, one) => all + one, 0);
    return {
      scores: ofWidth,
      positives,
      negatives,
      places: Uint32Array.from(places),
      rows: undefined,
      positiveRows: sum(positives),
      negativeRows: sum(negatives),
    };
  }
}
