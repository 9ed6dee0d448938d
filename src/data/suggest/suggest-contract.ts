import { roundDown } from "./figures.ts";
import type { ColumnProfile, TableProfile } from "./profile.ts";
import { enoughRows, suggestCard } from "./suggest-card.ts";

export interface SuggestedContract {
  /** Passes on the table that was measured. */
  readonly contract: Readonly<Record<string, unknown>>;
  readonly comments: readonly SuggestedComment[];
}

/** Why a rule is there. */
interface SuggestedComment {
  /** Keys and indices from the top of the contract. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/**
 * A first contract for a table: rules that hold today and that somebody would keep. Pure. Values of the data stand in it
 * only where few of them share many rows, and as the ends of a range of numbers or times, in comments.
 */
export function suggestContract({ rows, columns }: TableProfile): SuggestedContract {
  const named = columns.filter((column) => column.name !== "");
  const suggested = named.map((column) => suggestCard(column, rows));
  const lowest = rows === 0 ? 0 : Math.max(1, roundDown(rows / 2));
  const contract = {
    version: 1,
    rows: { min: lowest },
    extra_columns: "warn",
    ...(suggested.length === 0 ? {} : { columns: suggested.map(({ card }) => card) }),
  };
  const ofCards = suggested.flatMap(({ comments }, index) =>
    comments.map(({ key, text }): SuggestedComment => ({ path: ["columns", index, key], text })),
  );
  return {
    contract,
    comments: [
      {
        path: ["rows", "min"],
        text: rowsHint(rows),
      },
      { path: ["extra_columns"], text: freshnessHint(named) },
      ...ofCards,
    ],
  };
}

function rowsHint(rows: number): string {
  if (rows === 0) return "the data has no rows";
  const few = rows < enoughRows ? "; too few to say more than types and missing values" : "";
  return `half of the ${rows} rows of today${few}`;
}

/** A rule on the age of the newest value holds today and not tomorrow: it is only proposed. */
function freshnessHint(columns: readonly ColumnProfile[]): string {
  const times = columns.filter(
    ({ type, range }) => (type === "timestamp" || type === "date") && range !== undefined,
  );
  const newest = times.toSorted((a, b) => String(b.range?.max).localeCompare(String(a.range?.max)))[0];
  if (newest === undefined) return "columns without a card: allow, warn or fail";
  const name = JSON.stringify(newest.name);
  return `columns without a card: allow, warn or fail. Add how old the newest row may be: freshness: {column: ${name}, max_age: 7d}`;
}
