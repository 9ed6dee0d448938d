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
import type { EngineTable } from "./engine-table.ts";
import { doubleLiteral } from "./sql.ts";
import { TableScope } from "./table-scope.ts";

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
const aggregatesPerScan = 1000;

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
    width: 1,
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
        values:
          measure.kind === "histogram"
            ? Array.from({ length: measure.edges.length + 1 }, (_, bin) => values[bin] ?? 0)
            : values,
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
      return histogramSql(`CAST(${kept} AS DOUBLE)`, measure.edges, isFloat(measure.of, scope));
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

/**
 * One count a bin: below the first edge, each bin [low, high), the last closed, above the last edge with NaN; the last is left
 * out where it is 0. DuckDB's own bins are (low, high], so that each edge is the number before it. As comparisons of their
 * own the bins cost three times as much (3 million rows, 20 bins: 0.36 s and 0.10 s of the processor).
 */
function histogramSql(value: string, edges: readonly number[], canBeNan: boolean): string {
  const bounds = edges.map((edge, index) => doubleLiteral(index === edges.length - 1 ? edge : before(edge)));
  // A NaN would be put into the first bin.
  const kept = canBeNan
    ? `CASE WHEN isnan(${value}) THEN ${doubleLiteral(Infinity)} ELSE ${value} END`
    : value;
  return `map_values(histogram(${kept}, [${bounds.join(", ")}]))`;
}

/** The largest double below a finite one. */
function before(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

/** The items of each query: DuckDB slows down where one has too many aggregates. */
export function scansOf(items: readonly ScanItem[]): ScanItem[][] {
  const found: ScanItem[][] = [];
  let room = 0;
  for (const item of items) {
    if (room < item.width) {
      found.push([]);
      room = aggregatesPerScan;
    }
    found.at(-1)?.push(item);
    room -= item.width;
  }
  return found;
}
