import type { ElementList } from "./column.ts";
import type { Expression } from "./expression.ts";

/**
 * What rules are judged by: one figure, or one list, that an engine finds in the table. Plain data. All figures are exact.
 * `where` keeps the rows that a measure is about; without it all rows are.
 */
export type Measure = AggregateMeasure | ValuesMeasure | RowsMeasure;

/** What a measure is over. */
interface RowSource {
  /**
   * Each element of this list stands where a row stands, in the order of the rows and of the list, beside all columns of its
   * row; a row whose list is missing or empty is not there. Without it: the rows of the table.
   */
  readonly elementsOf?: ElementList | undefined;
}

/** One number or value over rows; many are found in one scan. */
export type AggregateMeasure = RowSource & AggregateKind;

type AggregateKind =
  /**
   * `of` null is left out; NaN and infinities are left out by `where`, or kept: a variance of them is null.
   * stdev: ddof 1, null below two values. An answer is null where no row is left, also for sum.
   */
  | {
      readonly kind: "min" | "max" | "sum" | "mean" | "stdev" | "median";
      readonly of: Expression;
      readonly where?: Expression | undefined;
    }
  /** Number of distinct values, or tuples of values; null is none, a tuple with a null in it is one. */
  | { readonly kind: "distinct"; readonly of: readonly Expression[]; readonly where?: Expression | undefined }
  /**
   * Values at the shares 0..1 of `at`. disc: the smallest value whose share of rows is at least that (SQL's
   * percentile_disc); cont: linear interpolation; the others as numpy's method of the name.
   */
  | {
      readonly kind: "quantiles";
      readonly of: Expression;
      readonly at: readonly number[];
      readonly method: "disc" | "cont" | "nearest" | "lower" | "higher" | "midpoint";
      readonly where?: Expression | undefined;
    };

/** A list of values with the number of their rows. */
export type ValuesMeasure = RowSource & ValuesKind;

type ValuesKind =
  /** Most frequent first, then by value; at most `limit` of them, and whether there are more. */
  | {
      readonly kind: "frequencies";
      readonly of: readonly Expression[];
      readonly where?: Expression | undefined;
      readonly limit: number;
    }
  /** Rows in [edge i, edge i+1), the last closed; below the first and above the last apart: edges.length + 1 counts. */
  | {
      readonly kind: "histogram";
      readonly of: Expression;
      readonly edges: readonly number[];
      readonly where?: Expression | undefined;
    };

/** Counts rows that break a rule, and can show them. */
export type RowsMeasure = RowSource & RowsKind;

type RowsKind =
  /** Rows for which `where` is true. */
  | { readonly kind: "count"; readonly where?: Expression | undefined }
  /** Rows whose key another row has too: every one of them. Null equals null; leave rows with nulls out by `where`. */
  | {
      readonly kind: "duplicates";
      readonly keys: readonly Expression[];
      readonly where?: Expression | undefined;
    }
  /**
   * Rows that are not in order with the row before them, in the order of the files; nulls are left out by `where`. Of elements:
   * with the one before them in the same list.
   */
  | {
      readonly kind: "disorder";
      readonly of: Expression;
      readonly direction: "increasing" | "decreasing";
      readonly strictly: boolean;
      readonly where?: Expression | undefined;
    }
  /** Rows whose text does not pass a test that SQL has not: it is run once for each distinct value. */
  | {
      readonly kind: "failing-test";
      readonly of: Expression;
      readonly test: ValueTest;
      readonly where?: Expression | undefined;
    }
  /** Rows whose key stands in no row of another table. */
  | {
      readonly kind: "unmatched";
      readonly keys: readonly Expression[];
      /** A name in `Plan.tables`. */
      readonly table: string;
      readonly tableKeys: readonly string[];
      readonly where?: Expression | undefined;
    }
  /** Rows that a query of the user's returns over the table `data` and the other tables by their names. */
  | {
      readonly kind: "query";
      readonly sql: string /** After which it is ended, unanswered. */;
      readonly limitMs: number;
    }
  /** The rows of another table of the plan. */
  | { readonly kind: "table-rows"; readonly table: string };

/** Of a query that says none. */
const defaultQueryLimitMs = 30 * 60_000;

/** The rows that a query of the user's returns. */
export function rowsOfQuery(sql: string, limitMs = defaultQueryLimitMs): RowsMeasure {
  return { kind: "query", sql, limitMs };
}

/** Named tests of one text, found in value-tests/value-test.ts. */
export type ValueTest =
  /** JavaScript syntax: look-around and back-references. `expect: false`: no match is good. */
  | { readonly test: "regex"; readonly patterns: readonly string[]; readonly match: "any" | "all" | "none" }
  | { readonly test: "json-schema"; readonly schema: unknown }
  | { readonly test: "python-json" }
  | { readonly test: "dateutil" }
  | { readonly test: "strptime"; readonly format: string };

/** A cell as an engine hands it over: times and decimals are text with every digit, big integers stay exact. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value };

export interface Frequency {
  /** One value for each expression of `of`. */
  readonly values: readonly Value[];
  readonly count: number;
}

/** What an engine found for one measure. `error`: it could not be found, with the reason; the others are not harmed by it. */
export type Answer =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "values"; readonly values: readonly Value[] }
  | { readonly kind: "frequencies"; readonly frequencies: readonly Frequency[]; readonly hasMore: boolean }
  | { readonly kind: "error"; readonly message: string };

/** The same measure over the elements of a list. */
export function overElements<M extends Measure>(measure: M, list: ElementList): M {
  return { ...measure, elementsOf: list };
}

/** Two measures with one key ask the same and are found once. */
export function keyOf(measure: Measure): string {
  return JSON.stringify(measure);
}
