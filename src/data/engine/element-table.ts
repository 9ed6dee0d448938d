import { type ElementList, listsTo, type PlanColumn } from "../plan/column.ts";
import type { Measure } from "../plan/measure.ts";
import type { EngineTable } from "./engine-table.ts";
import { quoteIdentifier } from "./sql.ts";

/** What a table of elements can tell beside them; each has its price, so that it is there only where it is asked for. */
interface ElementExtras {
  /** Of each list, from the outermost on, the place of the element in it, from 0: columns `placeColumn(0)`, `placeColumn(1)`, … */
  readonly places?: boolean;
  /** A number for each innermost list: the column `listColumn`. */
  readonly listNumbers?: boolean;
}

/** No column of a file is called so: names in files hold no NUL. */
export const listColumn = "\u0000list";
export const placeColumn = (depth: number): string => `\u0000place ${depth}`;

const listIdentifier = "mlops_list";
const elementIdentifier = (depth: number) => `mlops_element_${depth}`;
const placeIdentifier = (depth: number) => `mlops_place_${depth}`;

type Rows = Pick<EngineTable, "sql" | "identifierOf">;

/** The table that a measure is over: its rows, or a row for each element of a list, beside the columns of the element's row. */
export function rowsOf(
  { elementsOf }: Pick<Measure, "elementsOf">,
  table: EngineTable,
  extras: ElementExtras = {},
): EngineTable {
  if (elementsOf === undefined) return table;
  const lists = listsTo(elementsOf);
  const hidden = [
    ...(extras.listNumbers === true ? [[listColumn, listIdentifier] as const] : []),
    ...(extras.places === true
      ? lists.map((_, depth) => [placeColumn(depth), placeIdentifier(depth)] as const)
      : []),
  ];
  const named = new Map([
    ...lists.map((list, depth) => [list.name, elementIdentifier(depth)] as const),
    ...hidden,
  ]);
  return {
    sql: elementsSql(elementsOf, table, extras),
    identifierOf: (name) => named.get(name) ?? table.identifierOf(name),
    columns: [...table.columns, ...hidden.map(([name]) => wholeNumbers(name))],
    // Elements are read as they are stored, and footers count rows.
    footers: [],
    quick: new Set(),
  };
}

/**
 * A table expression, to be called `source`, with a row for each element, or for each row without a list. DuckDB unnests list by
 * list, and drops the columns that nobody asks for before.
 */
export function elementsSql(list: ElementList | undefined, table: Rows, extras: ElementExtras = {}): string {
  if (list === undefined) return table.sql;
  return listsTo(list).reduce((sql, one, depth) => {
    const value = valueSql(one.within, one.path, table);
    const elements = one.of === "map" ? `map_entries(${value})` : value;
    const isNumbered = one === list && extras.listNumbers === true;
    const from = isNumbered ? `(SELECT *, row_number() OVER () AS ${listIdentifier} FROM ${sql})` : sql;
    const place =
      extras.places === true ? `, unnest(range(len(${elements}))) AS ${placeIdentifier(depth)}` : "";
    return `(SELECT source.*, unnest(${elements}) AS ${elementIdentifier(depth)}${place} FROM ${from} AS source)`;
  }, table.sql);
}

/** The value that `path` leads to: from a column of the table, or from an element of `list` (no way: the element itself). */
export function valueSql(
  list: ElementList | undefined,
  path: readonly string[],
  table: Pick<Rows, "identifierOf">,
): string {
  const [top = "", ...below] = path;
  const start = list === undefined ? table.identifierOf(top) : elementIdentifier(listsTo(list).length - 1);
  if (start === undefined) throw new Error(`the table has no column ${JSON.stringify(top)}`);
  const fields = list === undefined ? below : path;
  return `source.${start}${fields.map((field) => `.${quoteIdentifier(field)}`).join("")}`;
}

/** A column that the table has not, but a query over it. */
export function wholeNumbers(name: string): PlanColumn {
  const type = "integer";
  return { name, storage: "typed", type, origin: "stored", storedType: type, storedAs: "BIGINT" };
}
