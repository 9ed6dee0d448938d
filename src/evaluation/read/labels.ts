import type { SourceColumn } from "../../data/sources/table-source.ts";
import type { Task } from "../task.ts";
import {
  areEncoded,
  areMostlyNumeric,
  canonicalClass,
  classList,
  shownClasses,
  spellingsOf,
} from "./class-names.ts";
import { type ColumnFacts, mostClasses } from "./column-facts.ts";
import type { Dictionary } from "./dictionary.ts";
import { isText, numberSql, zeroOneSql } from "./expressions.ts";
import { classHint, valuesHint } from "./label-hints.ts";
import type { LabelRequest } from "./label-request.ts";
import { type ColumnProblem, missingProblem } from "./problems.ts";
import {
  BadRows,
  floatSink,
  lookupSink,
  noCode,
  type Sink,
  sharedUint8,
  sharedUint32,
  zeroOneSink,
} from "./sinks.ts";

/** Truths, or predicted classes or numbers, of one column. */
export type PlainLabels =
  | { readonly kind: "binary"; readonly codes: Uint8Array }
  | { readonly kind: "classes"; readonly codes: Uint32Array; readonly classes: readonly string[] }
  | { readonly kind: "numbers"; readonly values: Float64Array };

/** The same of several columns: 0 or 1 once a label, or how long a row was seen and whether to its event. */
export type Labels =
  | PlainLabels
  | { readonly kind: "several"; readonly names: readonly string[]; readonly columns: readonly Uint8Array[] }
  | { readonly kind: "survival"; readonly durations: Float64Array; readonly events: Uint8Array };

/** Of a task whose truth is one column. */
export function plainLabels(labels: Labels): PlainLabels {
  if (labels.kind === "several" || labels.kind === "survival")
    throw new RangeError(`${labels.kind} labels, expected one column`);
  return labels;
}

/** A column of labels that is being read. */
export interface LabelReading {
  readonly sink: Sink;
  readonly problem: ColumnProblem;
  /** Known when all rows were read. */
  readonly rangeProblem?: () => ColumnProblem | undefined;
  /** What is wrong with its values whatever the rows. */
  readonly strange: readonly string[];
  /** What to do about it. */
  readonly hint: string | undefined;
  labels(): PlainLabels;
}

/** Numbers, of which those that are not finite are bad. */
export function readNumbers({ column, name, rows, facts }: LabelRequest): LabelReading {
  const sink = floatSink(sqlOfDouble(column), rows);
  return {
    sink,
    problem: { name, what: "that are no numbers", column, bad: sink.bad },
    strange: [],
    hint: classHint(facts.dictionary),
    labels: () => ({ kind: "numbers", values: asFloat64(sink.values) }),
  };
}

/** Numbers from 0 on. */
function readFromZero(request: LabelRequest, what: string): LabelReading {
  const reading = readNumbers(request);
  return {
    ...reading,
    rangeProblem() {
      const labels = reading.labels();
      const bad = new BadRows();
      if (labels.kind === "numbers")
        for (const [row, value] of labels.values.entries()) if (value < 0) bad.add(row);
      return { ...reading.problem, what: `below 0, which no ${what} is`, bad };
    },
  };
}

/** 0 and 1, as numbers or in words; other values are bad. */
export function readZeroOne(request: LabelRequest): LabelReading {
  const { column, name, rows, facts } = request;
  const { dictionary } = facts;
  const problem = { name, what: "that are not 0 or 1", column };
  if (dictionary === undefined || !isText(column)) {
    const sink = zeroOneSink(zeroOneSql(column), rows);
    return {
      sink,
      problem: { ...problem, bad: sink.bad },
      strange: [],
      get hint() {
        return facts.isNumeric && sink.bad.count > rows / 2 ? valuesHint : undefined;
      },
      labels: () => ({ kind: "binary", codes: sink.codes }),
    };
  }
  const table = tableOf(dictionary, (text) => ["0", "1"].indexOf(canonicalClass(text)));
  const sink = lookupSink(dictionary, sharedUint8(rows), table);
  const areNumbers = areMostlyNumeric(dictionary.texts);
  const what = areNumbers ? problem.what : "that are no numbers";
  return {
    sink,
    problem: { ...problem, what, bad: sink.bad },
    strange: [],
    get hint() {
      return classHint(dictionary) ?? (areNumbers && sink.bad.count > rows / 2 ? valuesHint : undefined);
    },
    labels: () => ({ kind: "binary", codes: sink.codes }),
  };
}

/** 1 where the value is the positive class, else 0. `known` are the labels' values where the column holds predictions. */
export function readPositives(
  request: LabelRequest,
  positiveClass: string,
  known?: readonly string[],
): LabelReading {
  const { column, name, rows, facts } = request;
  const dictionary = facts.dictionary ?? emptyDictionary(column);
  const { texts } = dictionary;
  const named = spellingsOf(positiveClass, texts);
  const isEncoded = named.size === 0 && known !== undefined && areEncoded(texts);
  const positives = isEncoded ? spellingsOf("1", texts) : named;
  const sink = lookupSink(
    dictionary,
    sharedUint8(rows),
    tableOf(dictionary, (text) => (positives.has(text) ? 1 : 0)),
  );
  const strange =
    facts.dictionary === undefined
      ? [`${name} has more than ${mostClasses} different values, expected two classes`]
      : strangeClasses({ name, texts, positiveClass, isEncoded: isEncoded || named.size > 0, known });
  return {
    sink,
    problem: missingProblem(request, sink.bad),
    strange,
    hint: undefined,
    labels: () => ({ kind: "binary", codes: sink.codes }),
  };
}

function strangeClasses(column: {
  readonly name: string;
  readonly texts: readonly string[];
  readonly positiveClass: string;
  readonly isEncoded: boolean;
  readonly known: readonly string[] | undefined;
}): string[] {
  const { name, texts, positiveClass, isEncoded, known } = column;
  if (known !== undefined) {
    const meant = new Set(known.map(canonicalClass));
    const strange = texts.filter((text) => !meant.has(canonicalClass(text)));
    if (strange.length === 0 || areEncoded(texts)) return [];
    return [`${name} holds ${shownClasses(strange)}, which no label is`];
  }
  const count = new Set(texts.map(canonicalClass)).size;
  return [
    ...(isEncoded || texts.length === 0
      ? []
      : [
          `no value of ${name} is ${JSON.stringify(positiveClass)} (--positive-class); it has ${shownClasses(texts)}`,
        ]),
    ...(count > 2 ? [`${name} has ${count} classes, expected two: ${shownClasses(texts)}`] : []),
  ];
}

/** Codes into `classes`; a value that is none of them is strange. */
export function readClasses(request: LabelRequest, classes: readonly string[], ofWhat: string): LabelReading {
  const { column, name, rows, facts } = request;
  const dictionary = facts.dictionary ?? emptyDictionary(column);
  const places = new Map(classes.map((one, place) => [canonicalClass(one), place]));
  const strange = dictionary.texts.filter((text) => !places.has(canonicalClass(text)));
  const sink = lookupSink(
    dictionary,
    sharedUint32(rows),
    tableOf(dictionary, (text) => places.get(canonicalClass(text)) ?? 0),
  );
  const tooMany = `${name} has more than ${mostClasses} different values, too many for classes`;
  const others = strange.length === 0 ? [] : [`${name} holds ${shownClasses(strange)}, ${ofWhat}`];
  return {
    sink,
    problem: missingProblem(request, sink.bad),
    strange: facts.dictionary === undefined ? [tooMany] : others,
    hint: undefined,
    labels: () => ({ kind: "classes", codes: sink.codes, classes }),
  };
}

/** The classes of a task: those that were named, else all that occur. */
export function classesOf(named: readonly string[], facts: readonly (ColumnFacts | undefined)[]): string[] {
  if (named.length > 0) return [...named];
  return classList(facts.flatMap((one) => one?.dictionary?.texts ?? []));
}

function tableOf(dictionary: Dictionary, codeOf: (text: string) => number): Uint32Array {
  const table = new Uint32Array(dictionary.texts.length + 1).fill(noCode);
  for (const [code, text] of dictionary.texts.entries()) {
    const meant = codeOf(text);
    if (meant >= 0) table[code] = meant;
  }
  return table;
}

/** Of a column with too many values, which is refused: nothing is read from it. */
function emptyDictionary(column: SourceColumn): Dictionary {
  return { column: column.name, texts: [], hasMissing: false, sql: "CAST(0 AS UTINYINT)", firstCode: 0 };
}

function sqlOfDouble(column: SourceColumn): string {
  const sql = numberSql(column);
  return column.engineType === "FLOAT" ? `CAST(${sql} AS DOUBLE)` : sql;
}

/** How the label of a task is read. */
export function readLabel(
  request: LabelRequest,
  task: Task | undefined,
  named: { readonly positiveClass: string | undefined; readonly classes: readonly string[] },
): LabelReading {
  const { facts } = request;
  if (task === "multilabel") return readZeroOne(request);
  if (task === "multiclass") {
    const ofWhat = `which is no class that was named (${shownClasses(named.classes)})`;
    return readClasses(request, named.classes, ofWhat);
  }
  if (task === "binary" || task === undefined) {
    if (named.positiveClass !== undefined) return readPositives(request, named.positiveClass);
    if (task === "binary" || facts.isZeroOne) return readZeroOne(request);
    const classes = facts.isNumeric ? [] : classesOf([], [facts]);
    if (classes.length === 2) return readZeroOne(request);
    if (classes.length > 2) return readClasses(request, classes, "");
  }
  if (task === "ranking") return readFromZero(request, "relevance");
  return task === "survival" ? readFromZero(request, "duration") : readNumbers(request);
}

function asFloat64(values: Float64Array | Float32Array): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}
