import { entryFor } from "./draft.ts";

/** Aggregates of a card, and the SQL function that finds them. */
const functions: Readonly<Record<string, string>> = {
  mean: "avg({property})",
  median: "median({property})",
  stdev: "stddev_samp({property})",
  sum: "sum({property})",
  distinct: "count(DISTINCT {property})",
  distinct_ratio: "1.0 * count(DISTINCT {property}) / count({property})",
};

/** The query of an ODCS rule `type: sql` for an aggregate of a card; undefined for other keys. */
export function sqlOfAggregate(key: string): string | undefined {
  const found = entryFor(functions, key);
  return found === undefined ? undefined : `SELECT ${found} FROM {object}`;
}

/** The other way: the card's key for a query that asks for one aggregate of the property and nothing else. */
export function aggregateOfSql(query: string): string | undefined {
  const tidy = (text: string) =>
    text
      .trim()
      .replace(/;$/, "")
      .replaceAll(/\$\{/g, "{")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/\s*([(){}*/])\s*/g, "$1")
      .toLowerCase();
  const wanted = tidy(query)
    .replaceAll("{column}", "{property}")
    .replaceAll("{table}", "{object}")
    .replace("stddev(", "stddev_samp(");
  return Object.keys(functions).find((key) => tidy(sqlOfAggregate(key) ?? "") === wanted);
}
