import type { ColumnProfile } from "../../results/validation-report.ts";
import type { Answers } from "../plan/answers.ts";
import type { PlanColumn } from "../plan/column.ts";
import {
  and,
  column as columnOf,
  type Expression,
  isMissing,
  isNull,
  isPresent,
  not,
  textOf,
} from "../plan/expression.ts";
import type { Measure, Value } from "../plan/measure.ts";

/** Bins of a histogram at most, and most frequent values shown. */
const mostBins = 20;
const mostValues = 10;
/** With more distinct values than this (an id) the most frequent ones say nothing, and are dear to find. */
const mostDistinct = 10_000;

/** Tables up to this wide are looked at in full. */
const wideTable = 500;

/**
 * The columns whose distinct values and distributions are found: all, or the first of a wide table. Each is a query, and
 * the cost of a query grows with the columns of the file (0.2 s for 10,000): the product of the two is held where it is.
 */
export function detailedColumns<T>(columns: readonly T[]): readonly T[] {
  if (columns.length <= wideTable) return columns;
  return columns.slice(0, Math.max(20, Math.floor(wideTable ** 2 / columns.length)));
}

/**
 * What the HTML page shows of the columns beside their rules, in three passes of which each needs the one before: these
 * measures, `profileHistograms`, `profileFrequencies`. Missing: null or NaN. Smallest and largest: of the finite values.
 */
export function profileMeasures(columns: readonly PlanColumn[]): Measure[] {
  return columns.flatMap((column) => {
    const { nulls, textNulls, mistyped, min, max } = firstOf(column);
    return [nulls, textNulls, mistyped, min, max].filter((measure) => measure !== undefined);
  });
}

/** Distinct values of every column, and the histograms of numbers. `first`: the answers to `profileMeasures`. */
export function profileHistograms(columns: readonly PlanColumn[], first: Answers): Measure[] {
  return detailedColumns(columns).flatMap((column) => {
    const second = secondOf(column, first);
    return [second?.distinct, second?.histogram].filter((measure) => measure !== undefined);
  });
}

/** The most frequent values of columns that are no numbers. `second`: the answers to `profileHistograms`. */
export function profileFrequencies(
  columns: readonly PlanColumn[],
  { first, second }: { readonly first: Answers; readonly second: Answers },
): Measure[] {
  return detailedColumns(columns)
    .map((column) => frequenciesOf(column, first, second))
    .filter((measure) => measure !== undefined);
}

export interface ProfileAnswers {
  readonly first: Answers;
  /** Undefined for a column that is not looked at in detail. */
  readonly details: { readonly second: Answers; readonly third: Answers } | undefined;
}

/**
 * The profile of a column from the answers to all passes; null where the engine could not find one of its figures.
 * `show` makes of a text what may stand in the report: the mask, or the text itself where the user allows it.
 */
export function profileOf(
  column: PlanColumn,
  { first, details }: ProfileAnswers,
  show: (value: string) => string,
): ColumnProfile | null {
  if (first.errorIn(profileMeasures([column])) !== undefined) return null;
  const { nulls, textNulls } = firstOf(column);
  const isText = settledType(column, first) === "string";
  const [min, max] = extremesOf(column, first).map((value) => extremeText(value, isText ? show : undefined));
  const head = {
    nulls: first.count(isText ? (textNulls ?? nulls) : nulls),
    min: min ?? null,
    max: max ?? null,
  };
  if (details === undefined) return { ...head, distinct: null, histogram: null, frequent: [] };
  const found = detailsOf(column, first, details);
  if (found === undefined) return null;
  const frequent = found.frequencies.map(({ values, count }) => ({
    value: frequentText(values[0], show),
    count,
  }));
  return { ...head, distinct: found.distinct, histogram: found.histogram, frequent };
}

function detailsOf(
  column: PlanColumn,
  first: Answers,
  { second, third }: { readonly second: Answers; readonly third: Answers },
) {
  const found = secondOf(column, first);
  if (found === undefined) return undefined;
  const { distinct, histogram } = found;
  if (second.errorIn(histogram === undefined ? [distinct] : [distinct, histogram]) !== undefined)
    return undefined;
  const frequencies = frequenciesOf(column, first, second);
  if (frequencies !== undefined && third.errorIn([frequencies]) !== undefined) return undefined;
  return {
    distinct: second.count(distinct),
    histogram: histogram === undefined ? null : histogramOf(histogram.edges, second.values(histogram)),
    frequencies: frequencies === undefined ? [] : third.frequencies(frequencies),
  };
}

interface FirstMeasures {
  readonly nulls: Measure;
  /** Where numbers are a guess: in a column of text "NaN" is a word. */
  readonly textNulls: Measure | undefined;
  /** Values that are not of the type that the first rows have; asked only where the type is a guess. */
  readonly mistyped: Measure | undefined;
  readonly min: Measure | undefined;
  readonly max: Measure | undefined;
}

function firstOf(column: PlanColumn): FirstMeasures {
  const { name, type, origin, storage } = column;
  const isGuess = storage === "text" && origin === "inferred" && type !== "string" && type !== "other";
  const hasOrder = type !== "other";
  const of = columnOf(name);
  const where = finite(column);
  return {
    nulls: { kind: "count", where: type === "double" ? isMissing(name) : isNull(name) },
    textNulls: isGuess ? { kind: "count", where: isNull(name) } : undefined,
    mistyped: isGuess ? { kind: "count", where: { op: "is-mistyped", column: name } } : undefined,
    min: hasOrder ? { kind: "min", of, where } : undefined,
    max: hasOrder ? { kind: "max", of, where } : undefined,
  };
}

function finite({ name, type }: PlanColumn): Expression {
  const present = isPresent(name);
  return type === "double" ? (and(present, not({ op: "is-infinite", column: name })) ?? present) : present;
}

/** A type seen in the first rows holds only if it holds for all of them; otherwise the column is text. */
function settledType(column: PlanColumn, answers: Answers): PlanColumn["type"] {
  const { mistyped } = firstOf(column);
  return mistyped !== undefined && answers.count(mistyped) > 0 ? "string" : column.type;
}

interface SecondMeasures {
  readonly distinct: Extract<Measure, { readonly kind: "distinct" }>;
  /** Of numbers, where there are any. */
  readonly histogram: Extract<Measure, { readonly kind: "histogram" }> | undefined;
}

function secondOf(column: PlanColumn, first: Answers): SecondMeasures | undefined {
  if (first.errorIn(profileMeasures([column])) !== undefined) return undefined;
  const type = settledType(column, first);
  const { name } = column;
  const isText = type === "string" || type === "other";
  const of = isText ? textOf(name) : columnOf(name);
  const distinct = {
    kind: "distinct",
    of: [of],
    where: isText ? not(isNull(name)) : isPresent(name),
  } as const;
  if (!isNumeric(type)) return { distinct, histogram: undefined };
  const [low, high] = extremesOf(column, first).map(Number);
  const edges = low === undefined || high === undefined ? [] : binEdges(low, high, type === "integer");
  const histogram = { kind: "histogram", of, edges, where: finite(column) } as const;
  return { distinct, histogram: edges.length === 0 ? undefined : histogram };
}

function frequenciesOf(column: PlanColumn, first: Answers, second: Answers) {
  const found = secondOf(column, first);
  const type = found === undefined ? "other" : settledType(column, first);
  if (found === undefined || type === "other" || isNumeric(type)) return undefined;
  const { distinct } = found;
  if (second.errorIn([distinct]) !== undefined || second.count(distinct) > mostDistinct) return undefined;
  return { kind: "frequencies", of: distinct.of, where: distinct.where, limit: mostValues } as const;
}

function isNumeric(type: PlanColumn["type"]): boolean {
  return type === "integer" || type === "double" || type === "decimal";
}

/** The smallest and the largest value; empty where the column has none, or is no longer what they were asked of. */
function extremesOf(column: PlanColumn, answers: Answers): Value[] {
  const { min, max } = firstOf(column);
  if (min === undefined || max === undefined || settledType(column, answers) !== column.type) return [];
  const [low, high] = [answers.value(min), answers.value(max)];
  return low === null || high === null ? [] : [low, high];
}

/** Edges of equal bins from `low` to `high`; a bin for each integer where they are few. Empty for what is no number. */
function binEdges(low: number, high: number, isInteger: boolean): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  if (isInteger && high - low < mostBins) return steps(low - 0.5, high + 0.5, high - low + 1);
  // One value alone: an interval around it, wide enough to be one in binary too.
  if (low === high)
    return steps(low - Math.max(0.5, Math.abs(low) / 1e6), high + Math.max(0.5, Math.abs(high) / 1e6), 1);
  return steps(low, high, mostBins);
}

function steps(low: number, high: number, bins: number): number[] {
  const edges = [low];
  for (let index = 1; index < bins; index++) {
    const share = index / bins;
    // Not low + share * (high - low) throughout: the difference of two large numbers may be infinite.
    const isWide = !Number.isFinite(high - low);
    const edge = isWide ? low * (1 - share) + high * share : low + share * (high - low);
    // Neighbours in binary have no 20 numbers between them: an edge may not repeat.
    if (edge > (edges.at(-1) ?? low) && edge < high) edges.push(edge);
  }
  return [...edges, high];
}

/** What lies outside is there by rounding of the edges only (integers over 2^53, decimals) and belongs to the outer bins. */
function histogramOf(
  edges: readonly number[],
  values: readonly Value[],
): NonNullable<ColumnProfile["histogram"]> {
  const all = values.map(Number);
  const counts = all.slice(1, -1);
  const last = counts.length - 1;
  counts[0] = (counts[0] ?? 0) + (all[0] ?? 0);
  counts[last] = (counts[last] ?? 0) + (all.at(-1) ?? 0);
  return { edges: [...edges], counts };
}

function extremeText(value: Value, show: ((value: string) => string) | undefined): string | number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return show === undefined ? String(value) : show(String(value));
}

/** True and false tell nothing about anybody. */
function frequentText(value: Value | undefined, show: (value: string) => string): string {
  return typeof value === "boolean" ? String(value) : show(String(value ?? ""));
}
