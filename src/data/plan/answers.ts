import type { ElementList } from "./column.ts";
import { type Answer, type Frequency, keyOf, type Measure, overElements, type Value } from "./measure.ts";

/** What an engine found, asked for by the measure. Asking for a measure that was not planned is a bug and throws. */
export class Answers {
  readonly #found: ReadonlyMap<string, Answer>;
  readonly #list: ElementList | undefined;

  /** `found` by `keyOf(measure)`; `list`: what is asked for was measured over the elements of it. */
  constructor(found: ReadonlyMap<string, Answer>, list?: ElementList) {
    this.#found = found;
    this.#list = list;
  }

  /** The same for who asks as if the elements of `list` were rows. */
  ofElements(list: ElementList): Answers {
    return new Answers(this.#found, list);
  }

  get(asked: Measure): Answer {
    const measure = this.#list === undefined ? asked : overElements(asked, this.#list);
    const answer = this.#found.get(keyOf(measure));
    if (answer === undefined) throw new Error(`no answer to ${keyOf(measure)}: the check did not plan it`);
    return answer;
  }

  /** A count; 0 where the engine says nothing was there. */
  count(measure: Measure): number {
    return Number(this.value(measure) ?? 0);
  }

  value(measure: Measure): Value {
    const answer = this.get(measure);
    if (answer.kind !== "value") throw new Error(`${measure.kind} answered with ${answer.kind}`);
    return answer.value;
  }

  /** The value as a number; undefined for null. Times are no numbers: undefined. */
  number(measure: Measure): number | undefined {
    const value = this.value(measure);
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
      return Number(value);
    return typeof value === "number" ? value : undefined;
  }

  values(measure: Measure): readonly Value[] {
    const answer = this.get(measure);
    if (answer.kind !== "values") throw new Error(`${measure.kind} answered with ${answer.kind}`);
    return answer.values;
  }

  frequencies(measure: Measure): readonly Frequency[] {
    const answer = this.get(measure);
    if (answer.kind !== "frequencies") throw new Error(`${measure.kind} answered with ${answer.kind}`);
    return answer.frequencies;
  }

  /** The reason why one of `measures` could not be found; undefined where all were. */
  errorIn(measures: readonly Measure[]): string | undefined {
    for (const measure of measures) {
      const answer = this.get(measure);
      if (answer.kind === "error") return answer.message;
    }
    return undefined;
  }
}
