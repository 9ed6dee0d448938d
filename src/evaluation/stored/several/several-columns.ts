import { payloadBytes } from "../../../metrics/binary/rows-by-score.ts";
import type { Scores } from "../../../metrics/score-columns.ts";
import type { FloatReading } from "../../read/float-readings.ts";
import type { LabelReading } from "../../read/labels.ts";
import type { TableReading } from "../../read/plan-reading.ts";
import type { Sink } from "../../read/sinks.ts";

/** A column of classes, or of 0 and 1, that is being read. */
interface ReadCodes {
  readonly sink: Sink;
  /** Of the rows of the stretch. */
  codes(): Uint8Array | Uint32Array;
  readonly bytesEach: 1 | 2 | 4;
}

/** What is measured of a table of classes or of labels, as it is read and as it is stored: truths, predictions, scores. */
export interface SeveralColumns {
  /** Of classes one column, of labels one each. */
  readonly truths: readonly ReadCodes[];
  readonly predictions: readonly ReadCodes[];
  /** One a class or label, or none. */
  readonly scores: readonly FloatReading[];
  /** The names of the classes or labels. */
  readonly names: readonly string[];
  readonly isMultilabel: boolean;
}

/** `labels`: the names of the labels of a multilabel task; empty for classes. */
export function severalColumns(reading: TableReading, labels: readonly string[]): SeveralColumns {
  const { label, prediction, probabilities, more } = reading;
  const isMultilabel = labels.length > 0;
  const first = label.labels();
  const names = first.kind === "classes" ? first.classes : labels;
  const bytesEach = isMultilabel ? 1 : payloadBytes(32 - Math.clz32(Math.max(0, names.length - 1)));
  const codes = (one: LabelReading) => ({ sink: one.sink, codes: () => codesOf(one), bytesEach });
  const predictions = isMultilabel ? more.predictions : [prediction].filter((one) => one !== undefined);
  return {
    truths: [label, ...(isMultilabel ? more.truths : [])].map(codes),
    predictions: predictions.map(codes),
    scores: isMultilabel ? more.scores : probabilities,
    names,
    isMultilabel,
  };
}

function codesOf(reading: LabelReading): Uint8Array | Uint32Array {
  const labels = reading.labels();
  if (labels.kind === "numbers") throw new RangeError("numbers, expected classes");
  return labels.codes;
}

/** Bytes a row of all columns, in the order in which they are stored: truths, predictions, scores. */
export function bytesOf({ truths, predictions, scores }: SeveralColumns): number[] {
  return [
    ...[...truths, ...predictions].map((one) => one.bytesEach),
    ...scores.map((one) => one.sink.values.BYTES_PER_ELEMENT),
  ];
}

/** None of the scores, for their type. */
export function likeOf({ sink }: FloatReading): Scores {
  return sink.values.subarray(0, 0);
}
