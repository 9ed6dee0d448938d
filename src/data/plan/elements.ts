import { type Check, isMeasured } from "./check.ts";
import type { ElementList } from "./column.ts";
import { overElements } from "./measure.ts";

/** `check`, which was made as if it were about rows, about the elements of `list`; without a list as it is. */
export function ofElements(check: Check, list: ElementList | undefined): Check {
  if (list === undefined) return check;
  if (!isMeasured(check)) return { ...check, elementsOf: list.name };
  const { judge, next, failing } = check;
  return {
    ...check,
    elementsOf: list.name,
    measures: check.measures.map((measure) => overElements(measure, list)),
    judge: (answers) => judge(answers.ofElements(list)),
    ...(next === undefined
      ? {}
      : { next: (answers) => next(answers.ofElements(list)).map((measure) => overElements(measure, list)) }),
    ...(failing === undefined
      ? {}
      : {
          failing: (answers) => {
            const found = failing(answers.ofElements(list));
            return found && { ...found, rows: overElements(found.rows, list) };
          },
        }),
  };
}
