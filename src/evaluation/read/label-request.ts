import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import type { ColumnFacts, TableFacts } from "./column-facts.ts";
import { columnOf } from "./expressions.ts";

export interface LabelRequest {
  readonly column: SourceColumn;
  readonly facts: ColumnFacts;
  /** `the label column "death"`. */
  readonly name: string;
  readonly rows: number;
}

/** `role`: `label `, for messages. */
export function labelRequest(
  source: TableSource,
  facts: TableFacts,
  { column, role }: { readonly column: string; readonly role: string },
): LabelRequest {
  const found = facts.columns.get(column);
  if (found === undefined) throw new RangeError(`nothing is known of ${column}`);
  return {
    column: columnOf(source, column),
    facts: found,
    name: `the ${role}column ${JSON.stringify(column)}`,
    rows: facts.rows,
  };
}
