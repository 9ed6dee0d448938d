import { type FileHandle, open } from "node:fs/promises";
import { flatLevels } from "../../data/sources/parquet-levels.ts";
import {
  type ParquetDictionary,
  type ParquetLeaf,
  type ParquetPage,
  ParquetWriter,
  physicalTypes,
} from "../../data/sources/parquet-writer.ts";
import type { ThriftStruct } from "../../data/sources/thrift-compact.ts";

/** A column to be written: numbers, whole numbers of a byte, or codes of texts. */
export type ArrayColumn =
  | { readonly name: string; readonly values: Float64Array | Float32Array }
  | { readonly name: string; readonly codes: Uint8Array }
  | { readonly name: string; readonly codes: Uint32Array; readonly texts: readonly string[] };

const rowsPerPage = 65_536;
const optional = 1;
const utf8 = 0;

/**
 * Writes arrays to a Parquet file that does not exist yet: some rows at a time, of the same columns. Throws the signal's reason where
 * it is aborted.
 */
export async function writeArrays(
  file: string,
  stretches: AsyncIterable<readonly ArrayColumn[]> | Iterable<readonly ArrayColumn[]>,
  signal: AbortSignal,
): Promise<void> {
  let output: FileHandle | undefined;
  let writer: ParquetWriter | undefined;
  try {
    output = await open(file, "wx");
    for await (const columns of stretches) {
      const encoders = columns.map(encoderOf);
      writer ??= new ParquetWriter(
        output,
        [rootOf(columns.length), ...encoders.map((one) => one.element)],
        encoders.map((one) => one.leaf),
      );
      const [first] = columns;
      const rows = first === undefined ? 0 : lengthOf(first);
      for (let start = 0; start < rows; start += rowsPerPage) {
        signal.throwIfAborted();
        const end = Math.min(start + rowsPerPage, rows);
        await writer.write(encoders.map((one) => one.page(start, end)));
      }
    }
    await writer?.end();
  } finally {
    await output?.close();
  }
}

function rootOf(columns: number): ThriftStruct {
  return [
    [4, { text: "table" }],
    [5, { i32: columns }],
  ];
}

function lengthOf(column: ArrayColumn): number {
  return "values" in column ? column.values.length : column.codes.length;
}

interface Encoder {
  readonly element: ThriftStruct;
  readonly leaf: ParquetLeaf;
  page(start: number, end: number): ParquetPage;
}

function encoderOf(column: ArrayColumn): Encoder {
  const type = typeOf(column);
  const dictionary = "texts" in column ? dictionaryOf(column.texts) : undefined;
  return {
    element: [
      [1, { i32: physicalTypes[type] }],
      [3, { i32: optional }],
      [4, { text: column.name }],
      ...(dictionary === undefined ? [] : [[6, { i32: utf8 }] as const]),
    ],
    leaf: { path: [column.name], type },
    page(start, end) {
      const rows = end - start;
      return {
        rows,
        count: rows,
        levels: flatLevels(rows, undefined),
        values: bytesOf(column, { start, end, dictionary }),
        dictionary,
      };
    },
  };
}

function typeOf(column: ArrayColumn): ParquetLeaf["type"] {
  if ("texts" in column) return "bytes";
  if ("codes" in column) return "int32";
  return column.values instanceof Float32Array ? "float" : "double";
}

function bytesOf(
  column: ArrayColumn,
  part: { readonly start: number; readonly end: number; readonly dictionary: ParquetDictionary | undefined },
): Uint8Array {
  const { start, end, dictionary } = part;
  if ("values" in column) return byteView(column.values.slice(start, end));
  const codes = column.codes.subarray(start, end);
  switch (dictionary?.placeBytes) {
    case undefined:
      return byteView(Int32Array.from(codes));
    case 1:
      return padded(byteView(Uint8Array.from(codes)), 1);
    case 2:
      return padded(byteView(Uint16Array.from(codes)), 2);
    case 4:
      return padded(byteView(Uint32Array.from(codes)), 4);
  }
}

/** Places in a dictionary are packed eight at a time. */
function padded(bytes: Uint8Array, width: number): Uint8Array {
  const group = 8 * width;
  const size = Math.ceil(bytes.length / group) * group;
  if (size === bytes.length) return bytes;
  const whole = new Uint8Array(size);
  whole.set(bytes);
  return whole;
}

function dictionaryOf(texts: readonly string[]): ParquetDictionary {
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return { count: texts.length, values: Buffer.concat(parts), placeBytes: placeBytesOf(texts.length) };
}

function placeBytesOf(count: number): 1 | 2 | 4 {
  if (count <= 1 << 8) return 1;
  return count <= 1 << 16 ? 2 : 4;
}

function byteView(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
