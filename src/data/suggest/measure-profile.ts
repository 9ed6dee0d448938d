import { Answers } from "../plan/answers.ts";
import type { ColumnType, PlanColumn } from "../plan/column.ts";
import type { Engine } from "../plan/engine.ts";
import {
  and,
  column as columnValue,
  type Expression,
  isMissing,
  isNull,
  isPresent,
  not,
  textOf,
} from "../plan/expression.ts";
import type { Measure, Value } from "../plan/measure.ts";
import { type ColumnProfile, type TableProfile, type TextForm, textForms } from "./profile.ts";

/** More values than these are no set. */
const mostValues = 50;

const rows: Measure = { kind: "count" };

/**
 * Measures what a first contract is drawn from, in three rounds: what type each column has, its figures, and the values and
 * forms of those for which they can matter. Throws where the data cannot be read to its end.
 */
export async function measureProfile(columns: readonly PlanColumn[], engine: Engine): Promise<TableProfile> {
  const judgedColumns = columns.filter((column) => column.type !== "other");
  const wrong = await answered(engine, [rows, ...judgedColumns.filter(canBeMistyped).map(mistyped)]);
  const typed = columns.map((column): TypedColumn => {
    const isText = canBeMistyped(column) && wrong.count(mistyped(column)) > 0;
    return { column, type: isText ? "string" : column.type };
  });
  const figures = await answered(engine, [rows, ...typed.flatMap((one) => figureMeasures(one))]);
  const chosen = typed.filter((one) => one.type !== "other");
  const details = await answered(engine, [rows, ...chosen.flatMap((one) => detailMeasures(one, figures))]);
  return {
    rows: figures.count(rows),
    columns: typed.map((one) => columnProfile(one, figures, details)),
  };
}

interface TypedColumn {
  readonly column: PlanColumn;
  readonly type: ColumnType;
}

async function answered(engine: Engine, measures: readonly Measure[]): Promise<Answers> {
  return new Answers(await engine.answer(measures));
}

function canBeMistyped({ storage, type }: PlanColumn): boolean {
  return storage === "text" && type !== "string" && type !== "other";
}

function mistyped({ name }: PlanColumn): Measure {
  return { kind: "count", where: { op: "is-mistyped", column: name } };
}

const isNumber = (type: ColumnType) => type === "integer" || type === "double" || type === "decimal";
const isTime = (type: ColumnType) => type === "date" || type === "timestamp";

function judged({ column, type }: TypedColumn): Expression {
  return type === "string" && column.storage === "text" ? textOf(column.name) : columnValue(column.name);
}

function missing({ column, type }: TypedColumn): Measure {
  return { kind: "count", where: type === "double" ? isMissing(column.name) : isNull(column.name) };
}

function infinite({ column }: TypedColumn): Measure {
  return { kind: "count", where: { op: "is-infinite", column: column.name } };
}

/** Rows with a value that has a place in an order. */
function placed({ column, type }: TypedColumn): Expression | undefined {
  if (type === "double") return and(isPresent(column.name), not({ op: "is-infinite", column: column.name }));
  return undefined;
}

function extreme(kind: "min" | "max", one: TypedColumn): Measure {
  const where = placed(one);
  const of: Expression = one.type === "string" ? { op: "length", value: judged(one) } : judged(one);
  return where === undefined ? { kind, of } : { kind, of, where };
}

function distinct(one: TypedColumn): Measure {
  const where = one.type === "double" ? isPresent(one.column.name) : undefined;
  return where === undefined
    ? { kind: "distinct", of: [judged(one)] }
    : { kind: "distinct", of: [judged(one)], where };
}

function figureMeasures(one: TypedColumn): Measure[] {
  if (one.type === "other") return [missing(one)];
  return [
    missing(one),
    distinct(one),
    ...(one.type === "double" ? [infinite(one)] : []),
    ...(one.type === "boolean" ? [] : [extreme("min", one), extreme("max", one)]),
  ];
}

function frequencies(one: TypedColumn): Measure {
  const where = not({ op: "is-unknown", value: judged(one) });
  return { kind: "frequencies", of: [judged(one)], where, limit: mostValues };
}

function formed(one: TypedColumn, form: TextForm): Measure {
  return { kind: "count", where: { op: "matches", value: judged(one), pattern: textForms[form] } };
}

const forms = ["uuid", "email", "date", "timestamp", "digits", "hexadecimal"] as const;

function detailMeasures(one: TypedColumn, figures: Answers): Measure[] {
  const count = figures.count(distinct(one));
  const isSet = count > 0 && count <= mostValues && one.type !== "double" && !isTime(one.type);
  if (isSet) return [frequencies(one)];
  return one.type === "string" && count > 0 ? forms.map((form) => formed(one, form)) : [];
}

function columnProfile(one: TypedColumn, figures: Answers, details: Answers): ColumnProfile {
  const { column, type } = one;
  const head = { name: column.name, type, storedAs: column.storedAs, missing: figures.count(missing(one)) };
  const nothing = { range: undefined, lengths: undefined, frequencies: undefined, form: undefined };
  if (type === "other") return { ...head, ...nothing, infinite: 0, distinct: undefined };
  const present = figures.count(rows) - head.missing;
  const asked = detailMeasures(one, figures);
  return {
    ...head,
    ...nothing,
    infinite: type === "double" ? figures.count(infinite(one)) : 0,
    distinct: figures.count(distinct(one)),
    ...(isNumber(type) || isTime(type) ? { range: rangeOf(one, figures) } : {}),
    ...(type === "string" ? { lengths: lengthsOf(one, figures) } : {}),
    ...(asked.some((measure) => measure.kind === "frequencies")
      ? { frequencies: frequenciesOf(one, details) }
      : {}),
    ...(asked.some((measure) => measure.kind === "count")
      ? { form: forms.find((form) => details.count(formed(one, form)) === present) }
      : {}),
  };
}

function rangeOf(one: TypedColumn, figures: Answers): ColumnProfile["range"] {
  const [low, high] = [extreme("min", one), extreme("max", one)];
  const read = (measure: Measure) =>
    isTime(one.type) ? textOrNothing(figures.value(measure)) : figures.number(measure);
  const [min, max] = [read(low), read(high)];
  return min === undefined || max === undefined ? undefined : { min, max };
}

function textOrNothing(value: Value): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function lengthsOf(one: TypedColumn, figures: Answers): ColumnProfile["lengths"] {
  const [min, max] = [figures.number(extreme("min", one)), figures.number(extreme("max", one))];
  return min === undefined || max === undefined ? undefined : { min, max };
}

/** Undefined where a value is none that a contract can name. */
function frequenciesOf(one: TypedColumn, details: Answers): ColumnProfile["frequencies"] {
  const found = details.frequencies(frequencies(one)).map(({ values, count }) => {
    const [value] = values;
    const isExact = typeof value === "bigint" && Number.isSafeInteger(Number(value));
    return { value: isExact ? Number(value) : value, count };
  });
  const named = found.flatMap(({ value, count }) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [{ value, count }]
      : [],
  );
  return named.length === found.length ? named : undefined;
}
