import { MlopsError } from "../../errors.ts";
import { isPlain, type Plain, textAt } from "./draft.ts";

/**
 * The one of several described tables that `table` names, or the only one. Throws `usage` where that is not one; `subject`
 * begins the sentence.
 */
export function chosenTable(
  described: readonly unknown[],
  table: string | undefined,
  subject: string,
): { readonly object: Plain; readonly index: number } {
  const objects = described.filter(isPlain);
  const names = objects.map((object) => textAt(object, "name") ?? "");
  const index = table === undefined && objects.length === 1 ? 0 : names.indexOf(table ?? "");
  const object = objects[index];
  if (object !== undefined) return { object, index };
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  const wanted = table === undefined ? "" : `, and none called ${JSON.stringify(table)}`;
  throw new MlopsError({
    kind: "usage",
    code: "IMPORT_AMBIGUOUS",
    message:
      objects.length === 0
        ? `${subject} describes no table, so it has no rule to import.`
        : `${subject} describes ${objects.length} tables, ${list}${wanted}.`,
    hint: "Name one of them with --import-table.",
  });
}
