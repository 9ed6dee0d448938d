import type { FileHandle } from "node:fs/promises";
import { encodeThrift, type ThriftStruct, type ThriftValue, writeVarint } from "./thrift-compact.ts";

/** Parquet's own types, by the numbers that stand in its files. */
export const physicalTypes = {
  boolean: 0,
  int32: 1,
  int64: 2,
  float: 4,
  double: 5,
  bytes: 6,
  fixedBytes: 7,
} as const;

export interface ParquetColumn {
  readonly name: string;
  readonly type: keyof typeof physicalTypes;
  /** Of `fixedBytes`. */
  readonly typeLength?: number;
  /** What the values mean: fields 6 to 10 of the format's `SchemaElement`. */
  readonly meaning: ThriftStruct;
}

/** The values of one column in some rows that follow each other. */
export interface ParquetPage {
  readonly rows: number;
  /** Bit n (least significant first) is set where row n has a value; undefined: all have. */
  readonly present: Uint8Array | undefined;
  /** The values that are there: plain, or places in the dictionary. */
  readonly values: Uint8Array;
  readonly dictionary: ParquetDictionary | undefined;
}

export interface ParquetDictionary {
  readonly count: number;
  /** All values, plain. */
  readonly values: Uint8Array;
  /** Of the places in `ParquetPage.values`. */
  readonly placeBytes: 1 | 2 | 4;
}

const rowsPerGroup = 122_880;
const bytesPerGroup = 128 << 20;
const encodings = { plain: 0, levels: 3, dictionary: 8 } as const;
const pages = { data: 0, dictionary: 2 } as const;
const magic = Buffer.from("PAR1");

/**
 * Writes a Parquet file for DuckDB to read at once: not compressed, without statistics, every column optional. Memory holds one
 * group of rows. Source: the format's README and parquet.thrift.
 */
export class ParquetWriter {
  readonly #file: FileHandle;
  readonly #columns: readonly ParquetColumn[];
  readonly #groups: ThriftValue[] = [];
  #pending: (readonly ParquetPage[])[] = [];
  #pendingRows = 0;
  #pendingBytes = 0;
  #rows = 0;
  #offset = 0;

  constructor(file: FileHandle, columns: readonly ParquetColumn[]) {
    this.#file = file;
    this.#columns = columns;
  }

  /** Adds rows: a page for each column, all with the same number of rows. */
  async write(row: readonly ParquetPage[]): Promise<void> {
    const before = this.#pending.at(-1);
    // A column has one dictionary in a group of rows.
    if (before?.some((page, index) => page.dictionary !== row[index]?.dictionary)) await this.#flush();
    this.#pending.push(row);
    this.#pendingRows += row[0]?.rows ?? 0;
    this.#pendingBytes += row.reduce((sum, page) => sum + page.values.length, 0);
    if (this.#pendingRows >= rowsPerGroup || this.#pendingBytes >= bytesPerGroup) await this.#flush();
  }

  /** Writes the footer; the file is the caller's to close. */
  async end(): Promise<void> {
    await this.#flush();
    if (this.#offset === 0) await this.#append([magic]);
    const root: ThriftStruct = [
      [4, { text: "table" }],
      [5, { i32: this.#columns.length }],
    ];
    const schema = [root, ...this.#columns.map(schemaElement)].map((struct) => ({ struct }));
    const footer = encodeThrift([
      [1, { i32: 1 }],
      [2, { list: schema }],
      [3, { i64: this.#rows }],
      [4, { list: this.#groups }],
    ]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await this.#append([footer, length, magic]);
  }

  async #flush(): Promise<void> {
    if (this.#pendingRows === 0) return;
    if (this.#offset === 0) await this.#append([magic]);
    const start = this.#offset;
    const chunks: ThriftValue[] = [];
    for (const [index, column] of this.#columns.entries()) {
      const group = this.#pending.flatMap((row) => row[index] ?? []);
      chunks.push({ struct: await this.#writeChunk(column, group) });
    }
    this.#groups.push({
      struct: [
        [1, { list: chunks }],
        [2, { i64: this.#offset - start }],
        [3, { i64: this.#pendingRows }],
      ],
    });
    this.#rows += this.#pendingRows;
    [this.#pending, this.#pendingRows, this.#pendingBytes] = [[], 0, 0];
  }

  async #writeChunk(column: ParquetColumn, group: readonly ParquetPage[]): Promise<ThriftStruct> {
    const start = this.#offset;
    const dictionary = group[0]?.dictionary;
    if (dictionary !== undefined) await this.#append(dictionaryPage(dictionary));
    const dataStart = this.#offset;
    await this.#append(group.flatMap(dataPage));
    const size = { i64: this.#offset - start };
    const used =
      dictionary === undefined
        ? [encodings.plain, encodings.levels]
        : [encodings.dictionary, encodings.levels];
    const metadata: ThriftStruct = [
      [1, { i32: physicalTypes[column.type] }],
      [2, { list: used.map((i32) => ({ i32 })) }],
      [3, { list: [{ text: column.name }] }],
      [4, { i32: 0 }],
      [5, { i64: group.reduce((sum, page) => sum + page.rows, 0) }],
      [6, size],
      [7, size],
      [9, { i64: dataStart }],
      ...(dictionary === undefined ? [] : [[11, { i64: start }] as const]),
    ];
    return [
      [2, { i64: start }],
      [3, { struct: metadata }],
    ];
  }

  async #append(parts: readonly Uint8Array[]): Promise<void> {
    await this.#file.writev(parts);
    for (const part of parts) this.#offset += part.length;
  }
}

function schemaElement({ name, type, typeLength, meaning }: ParquetColumn): ThriftStruct {
  return [
    [1, { i32: physicalTypes[type] }],
    ...(typeLength === undefined ? [] : [[2, { i32: typeLength }] as const]),
    [3, { i32: 1 }],
    [4, { text: name }],
    ...meaning,
  ];
}

function dictionaryPage({ count, values }: ParquetDictionary): Uint8Array[] {
  const header: ThriftStruct = [
    [1, { i32: count }],
    [2, { i32: encodings.plain }],
  ];
  return [pageHeader(pages.dictionary, values.length, [7, { struct: header }]), values];
}

function dataPage({ rows, present, values, dictionary }: ParquetPage): Uint8Array[] {
  const encoding = dictionary === undefined ? encodings.plain : encodings.dictionary;
  const parts = [
    levels(rows, present),
    ...(dictionary === undefined ? [] : [placesHead(values, dictionary)]),
    values,
  ];
  const header: ThriftStruct = [
    [1, { i32: rows }],
    [2, { i32: encoding }],
    [3, { i32: encodings.levels }],
    [4, { i32: encodings.levels }],
  ];
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return [pageHeader(pages.data, size, [5, { struct: header }]), ...parts];
}

function pageHeader(type: number, size: number, detail: ThriftStruct[number]): Uint8Array {
  return encodeThrift([[1, { i32: type }], [2, { i32: size }], [3, { i32: size }], detail]);
}

/** Which rows have a value: one run, of equal bits where all have, else of the bits as they are in memory. */
function levels(rows: number, present: Uint8Array | undefined): Uint8Array {
  const run: number[] = [];
  if (present === undefined) {
    writeVarint(rows * 2, run);
    run.push(1);
  } else writeVarint(Math.ceil(rows / 8) * 2 + 1, run);
  const body = Buffer.concat([Buffer.from(run), present ?? new Uint8Array()]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}

/** The width of the places in bits, and one run of all of them, eight to a group: as they are in memory. */
function placesHead(values: Uint8Array, { placeBytes }: ParquetDictionary): Uint8Array {
  const head = [placeBytes * 8];
  writeVarint((values.length / placeBytes / 8) * 2 + 1, head);
  return Buffer.from(head);
}
