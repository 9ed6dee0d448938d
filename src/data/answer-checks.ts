import { Answers } from "./plan/answers.ts";
import { type Check, isMeasured } from "./plan/check.ts";
import type { Engine } from "./plan/engine.ts";
import { keyOf, type Measure } from "./plan/measure.ts";

/**
 * Has an engine answer all that `checks` ask, and `more`: first what every check knows to ask, then what some ask with the first
 * figures in hand. A check whose first figures could not be found asks no further.
 */
export async function answerChecks(
  checks: readonly Check[],
  more: readonly Measure[],
  engine: Engine,
): Promise<Answers> {
  const measured = checks.filter(isMeasured);
  const first = await engine.answer([...more, ...measured.flatMap((check) => check.measures)]);
  const answers = new Answers(first);
  const second = measured.flatMap((check) =>
    check.next === undefined || answers.errorIn(check.measures) !== undefined ? [] : check.next(answers),
  );
  const open = second.filter((measure) => !first.has(keyOf(measure)));
  if (open.length === 0) return answers;
  const found = await engine.answer(open);
  return new Answers(new Map([...first, ...found]));
}
