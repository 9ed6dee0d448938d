import { open } from "node:fs/promises";
import {
  Bool,
  Data,
  type DataType,
  DateDay,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  type Vector,
} from "apache-arrow";
import type { FeatureData, FeatureType } from "./column-buffer.ts";

export interface FeatureColumn {
  readonly name: string;
  readonly type: FeatureType;
}

/** Writes an Arrow IPC stream piece by piece. The bytes of a batch are those of its columns: they must be gone before these change. */
export class ArrowStream {
  readonly #schema: Schema;
  readonly #writer = new PieceWriter({ autoDestroy: false });

  constructor(columns: readonly FeatureColumn[]) {
    this.#schema = new Schema(columns.map(({ name, type }) => new Field(name, dataTypeOf(type), true)));
    this.#writer.reset(undefined, this.#schema);
  }

  batch(columns: readonly FeatureData[]): Uint8Array[] {
    const children = columns.map(dataOf);
    const length = columns[0]?.rows ?? 0;
    const type = new Struct(this.#schema.fields);
    const data = makeData({ type, length, nullCount: 0, children });
    this.#writer.write(new RecordBatch(this.#schema, data));
    return this.#writer.take();
  }

  end(): Uint8Array[] {
    this.#writer.finish();
    return this.#writer.take();
  }
}

/** The writer of apache-arrow puts everything into a queue without end; this one hands it out at once. */
class PieceWriter extends RecordBatchStreamWriter {
  #pieces: Uint8Array[] = [];

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  protected override _write(chunk: unknown): this {
    if (!ArrayBuffer.isView(chunk)) throw new RangeError("a piece of an Arrow stream that is no bytes");
    if (!this._started || chunk.byteLength === 0) return this;
    this.#pieces.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }
}

function dataOf({ type, rows, values, offsets, validity, missing }: FeatureData): Data {
  const nulls = {
    length: rows,
    nullCount: missing,
    ...(validity === undefined ? {} : { nullBitmap: validity }),
  };
  if (offsets !== undefined && values instanceof Uint8Array)
    return makeData({ type: new Utf8(), ...nulls, valueOffsets: offsets, data: values });
  if (type === "bool" && values instanceof Uint8Array)
    return makeData({ type: new Bool(), ...nulls, data: packed(values) });
  return new Data(dataTypeOf(type), 0, rows, missing, {
    1: values,
    ...(validity === undefined ? {} : { 2: validity }),
  });
}

function packed(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let row = 0; row < values.length; row++)
    if (values[row] !== 0) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
}

const types = {
  bool: () => new Bool(),
  int8: () => new Int8(),
  int16: () => new Int16(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  uint64: () => new Uint64(),
  float32: () => new Float32(),
  float64: () => new Float64(),
  date: () => new DateDay(),
  timestamp: () => new TimestampMicrosecond(),
  "timestamp-utc": () => new TimestampMicrosecond("UTC"),
  text: () => new Utf8(),
} as const;

function dataTypeOf(type: FeatureType): DataType {
  return types[type]();
}

export type ScoreArray = Float32Array | Float64Array;

/** The columns of an Arrow IPC file of floats without nulls. Throws `RangeError` for any other file, and for another count of rows. */
export async function readScoreColumns(file: string, rows: number): Promise<readonly ScoreArray[]> {
  const columns: ScoreArray[] = [];
  let filled = 0;
  for await (const stretch of readScoreStretches(file, rows)) {
    for (const [index, values] of stretch.entries()) {
      const column =
        columns[index] ?? (values instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows));
      column.set(values, filled);
      columns[index] = column;
    }
    filled += stretch[0].length;
  }
  return columns;
}

/** The same, some rows at a time, of an Arrow IPC stream too. */
export async function* readScoreStretches(
  file: string,
  rows: number,
): AsyncIterable<readonly [ScoreArray, ...ScoreArray[]]> {
  let filled = 0;
  await using handle = await open(file);
  for await (const batch of await RecordBatchReader.from(handle)) {
    filled += batch.numRows;
    if (filled > rows) throw new RangeError(`more than ${rows} scores`);
    const [first, ...others] = Array.from({ length: batch.numCols }, (_, index) =>
      floatsOf(batch.getChildAt(index)),
    );
    if (first === undefined) throw new RangeError("no scores");
    if (batch.numRows > 0) yield [first, ...others];
  }
  if (filled !== rows) throw new RangeError(`${filled} scores for ${rows} rows`);
}

function floatsOf(column: Vector | null): ScoreArray {
  const values: unknown = column?.toArray();
  const isFloat = values instanceof Float64Array || values instanceof Float32Array;
  if (column === null || !isFloat || column.nullCount > 0) throw new RangeError("scores that are no numbers");
  return values;
}
