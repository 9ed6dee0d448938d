import type { Expression } from "../plan/expression.ts";
import type {
  AggregateMeasure,
  Answer,
  Measure,
  RowsMeasure,
  Value,
  ValuesMeasure,
} from "../plan/measure.ts";
import { asksForPresence, compileExpression } from "./compile-expression.ts";
import { doubleLiteral } from "./sql.ts";
import { type EngineTable, TableScope } from "./table-scope.ts";

/** A measure that one row of aggregates can answer. */
export type ScannedMeasure =
  | Extract<
      AggregateMeasure,
      { readonly kind: "min" | "max" | "sum" | "mean" | "stdev" | "median" | "quantiles" }
    >
  | Extract<RowsMeasure, { readonly kind: "count" }>
  | Extract<ValuesMeasure, { readonly kind: "histogram" }>;

/** What one scan is asked: aggregates, and what they say. */
export interface ScanItem {
  /** How many aggregates it counts for. */
  readonly width: number;
  aggregates(scope: TableScope): readonly string[];
  /** The values of the aggregates, in their order. */
  take(cells: readonly Value[]): void;
  /** The aggregates cannot be computed. */
  fail(message: string): void;
}

export interface Scan {
  readonly sql: string;
  /** By the position of the item: the names of its aggregates in the one row of the answer. */
  readonly names: readonly (readonly string[])[];
  /** By column: the name of the count of texts that the quick reading of it is not right for. */
  readonly inexact: ReadonlyMap<string, string>;
  /** Columns that the reader of the file reads as types, in the trust that all their texts have a form. */
  readonly trusted: readonly string[];
}

export function isScanned(measure: Measure): measure is ScannedMeasure {
  // The other methods have to know the number of values first: see quantiles.ts.
  if (measure.kind === "quantiles") return measure.method === "disc" || measure.method === "cont";
  return ["count", "min", "max", "sum", "mean", "stdev", "median", "histogram"].includes(measure.kind);
}

/**
 * DuckDB plans some thousand aggregates of one query well, tens of thousands badly. No FILTER clauses: their cost grows with
 * the square of their number (1,000 of them over 200 rows: 2.2 s and 0.6 GB, count_if 0.1 s; DuckDB 1.5.6).
 */
export const aggregatesPerScan = 1000;

/** One query that asks all of `items`; an aggregate that several ask for is computed once. */
export function compileScan(items: readonly ScanItem[], table: EngineTable): Scan {
  const scope = new TableScope(table);
  const aliases = new Map<string, string>();
  const names = items.map((item) =>
    item.aggregates(scope).map((sql) => {
      const alias = aliases.get(sql) ?? `m${aliases.size}`;
      aliases.set(sql, alias);
      return alias;
    }),
  );
  const inexact = new Map<string, string>();
  for (const [name, sql] of scope.inexact()) {
    const alias = `m${aliases.size}`;
    aliases.set(`count_if(${sql})`, alias);
    inexact.set(name, alias);
  }
  const aggregates = [...aliases].map(([sql, alias]) => `${sql} AS ${alias}`);
  const trusted = [...scope.asTypes().keys()];
  return { names, inexact, trusted, sql: `SELECT ${aggregates.join(",\n  ")}\nFROM ${scope.from()}` };
}

/** A measure that is an aggregate itself. */
export function plainItem(measure: ScannedMeasure, settle: (answer: Answer) => void): ScanItem {
  return {
    // A histogram is as many aggregates as it has bins (50 of 22 bins in one query: 1.5 s, 200: 11.9 s).
    width: measure.kind === "histogram" ? measure.edges.length + 1 : 1,
    aggregates: (scope) => [aggregateSql(measure, scope)],
    take([value = null]) {
      const isList = measure.kind === "quantiles" || measure.kind === "histogram";
      // Over no rows DuckDB's count_if is null (1.5.6).
      if (measure.kind === "count") return settle({ kind: "value", value: value ?? 0 });
      if (!isList) return settle({ kind: "value", value });
      const nothing = measure.kind === "quantiles" ? measure.at.map(() => null) : [];
      const values: readonly Value[] = Array.isArray(value) ? value : nothing;
      settle({
        kind: "values",
        values: measure.kind === "histogram" ? values.map((count) => count ?? 0) : values,
      });
    },
    fail: (message) => settle({ kind: "error", message }),
  };
}

function aggregateSql(measure: ScannedMeasure, scope: TableScope): string {
  const where = measure.where === undefined ? undefined : compileExpression(measure.where, scope);
  if (measure.kind === "count") return where === undefined ? "count(*)" : `count_if(${where})`;
  const of = compileExpression(measure.of, scope);
  const isBare = measure.where === undefined || asksForPresence(measure.where, measure.of, scope);
  const kept = isBare || where === undefined ? of : `CASE WHEN ${where} THEN ${of} END`;
  switch (measure.kind) {
    case "min":
    case "max":
    case "sum":
      return `${measure.kind}(${kept})`;
    case "mean":
      return `avg(${kept})`;
    case "median":
      return `quantile_cont(${kept}, 0.5)`;
    case "stdev":
      return stdevSql(kept, isFloat(measure.of, scope));
    case "quantiles":
      return quantilesSql(kept, measure);
    case "histogram":
      return histogramSql(kept, measure.edges);
  }
}

/** An infinity would end the whole query ("Out of Range"): with one there is no deviation. */
function stdevSql(value: string, isFloat: boolean): string {
  if (!isFloat) return `stddev_samp(${value})`;
  return `CASE WHEN count_if(NOT isfinite(${value})) = 0 THEN stddev_samp(CASE WHEN isfinite(${value}) THEN ${value} END) END`;
}

function isFloat(of: Expression, scope: TableScope): boolean {
  return of.op !== "column" || scope.column(of.column).type === "double";
}

function quantilesSql(value: string, measure: ScannedMeasure & { readonly kind: "quantiles" }): string {
  const at = `[${measure.at.map((share) => doubleLiteral(share)).join(", ")}]`;
  if (measure.method === "disc") return `quantile_disc(${value}, ${at})`;
  return `quantile_cont(${value}, ${at})`;
}

/** One count a bin: below the first edge, each bin [low, high), the last closed, above the last edge. */
function histogramSql(value: string, edges: readonly number[]): string {
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const bins = edges.slice(0, -1).map((edge, index) => {
    const next = edges[index + 1] ?? last;
    const isLast = index === edges.length - 2;
    return `count_if(${value} >= ${doubleLiteral(edge)} AND ${value} ${isLast ? "<=" : "<"} ${doubleLiteral(next)})`;
  });
  const below = `count_if(${value} < ${doubleLiteral(first)})`;
  const above = `count_if(${value} > ${doubleLiteral(last)})`;
  return `[${[below, ...bins, above].join(", ")}]`;
}
