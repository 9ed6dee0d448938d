import type { Check, CheckHead } from "../plan/check.ts";
import { innermostList, type PlanColumn } from "../plan/column.ts";
import { ofElements } from "../plan/elements.ts";
import { and, isPresent } from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import type { RowsMeasure } from "../plan/measure.ts";
import { columnCounts, countOf, identityOf, shownOf } from "./counts.ts";
import { headOf, type Rule } from "./rule.ts";
import { withoutColumns } from "./unjudged.ts";

/** No two rows with one value. */
export function uniqueCheck(column: PlanColumn, rule: Rule<boolean>): Check[] {
  if (!rule.value) return [];
  const head = uniqueHead(rule, [column.name], column.name);
  return [duplicatesCheck(head, [column], rule)];
}

/** No two rows, or elements of a list, with one tuple of values in these columns. */
export function uniqueSetCheck(rule: Rule<readonly string[]>, columns: readonly PlanColumn[]): Check {
  const names = rule.value;
  const head = uniqueHead(rule, names, names.length === 1 ? (names[0] ?? null) : null);
  const keys = names.flatMap((name) => columns.find((one) => one.name === name) ?? []);
  if (keys.length === names.length) return ofElements(duplicatesCheck(head, keys, rule), innermostList(keys));
  const absent = names.filter((name) => !keys.some((key) => key.name === name));
  return withoutColumns({ ...head, column: null }, absent);
}

function uniqueHead(rule: Rule<unknown>, names: readonly string[], column: string | null): CheckHead {
  const about = { kind: "unique", column, comparison: "<=", limit: 0 } as const;
  return headOf(rule, { ...about, name: `unique(${names.join(", ")})` });
}

/** As SQL's UNIQUE: a row with a missing value in one of the columns is nobody's duplicate. */
function duplicatesCheck(head: CheckHead, columns: readonly PlanColumn[], rule: Rule<unknown>): Check {
  const where = and(rule.when, ...columns.map((column) => isPresent(column.name)));
  const rows: RowsMeasure = { kind: "duplicates", keys: columns.map(identityOf), where };
  const [only] = columns;
  const counts = columns.length === 1 && only !== undefined ? columnCounts(only, rule.when) : undefined;
  const judged = countOf(where);
  return {
    ...head,
    measures: [rows, ...(counts?.measures ?? [judged])],
    judge: (answers) => {
      const failing = answers.count(rows);
      const judgedRows = counts === undefined ? answers.count(judged) : counts.present(answers);
      const outcome = isTolerated(failing, judgedRows, rule.allow) ? "good" : "bad";
      return { outcome, observed: failing, failingRows: failing, judgedRows };
    },
    failing: () => ({ rows, shown: columns.map(shownOf) }),
  };
}
