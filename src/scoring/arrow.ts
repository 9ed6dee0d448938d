import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  Bool,
  type DataType,
  Field,
  Float32,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  tableFromIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";

/** The types that cross the border to Python; everything else goes as text. */
export type ArrowType = "bool" | "int64" | "float32" | "float64" | "text";

export interface ArrowColumn {
  readonly name: string;
  readonly type: ArrowType;
}

/** Values by column; null where there is none. `int64` takes bigint, `bool` boolean, `text` string. */
export type ArrowBatch = readonly (readonly (string | number | bigint | boolean | null)[])[];

/** Writes batches to an Arrow IPC file as they come. */
export async function writeArrowFile(
  file: string,
  columns: readonly ArrowColumn[],
  batches: AsyncIterable<ArrowBatch>,
): Promise<void> {
  const fields = columns.map((column) => new Field(column.name, dataTypeOf(column.type), true));
  const schema = new Schema(fields);
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  const written = pipeline(Readable.from(writer), createWriteStream(file));
  const produced = (async () => {
    try {
      for await (const values of batches) writer.write(recordBatch(schema, values));
      writer.finish();
      writer.close();
    } catch (error) {
      writer.abort(error);
      throw error;
    }
  })();
  const [first, second] = await Promise.allSettled([produced, written]);
  if (first.status === "rejected") throw first.reason;
  if (second.status === "rejected") throw second.reason;
}

function recordBatch(schema: Schema, values: ArrowBatch): RecordBatch {
  const children = schema.fields.map((field, index) => {
    const [data] = vectorFromArray(values[index] ?? [], field.type).data;
    if (data === undefined) throw new RangeError(`no data for column ${field.name}`);
    return data;
  });
  const length = values[0]?.length ?? 0;
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }),
  );
}

function dataTypeOf(type: ArrowType): DataType {
  switch (type) {
    case "bool":
      return new Bool();
    case "int64":
      return new Int64();
    case "float32":
      return new Float32();
    case "float64":
      return new Float64();
    case "text":
      return new Utf8();
  }
}

/** The only column of an Arrow IPC file of floats, and its width. Throws `RangeError` for any other file. */
export async function readFloats(
  file: string,
): Promise<{ readonly values: Float64Array; readonly dtype: "float32" | "float64" }> {
  const table = tableFromIPC(await readFile(file));
  const column = table.getChildAt(0);
  const array: unknown = column?.toArray();
  if (column === null || table.numCols !== 1 || column.nullCount > 0)
    throw new RangeError(`${file} holds ${table.numCols} columns, expected one without nulls`);
  if (array instanceof Float64Array) return { values: array, dtype: "float64" };
  if (array instanceof Float32Array) return { values: Float64Array.from(array), dtype: "float32" };
  throw new RangeError(`${file} holds ${column.type}, expected floats`);
}
