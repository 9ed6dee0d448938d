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

/** A column of values, perhaps inside lists and structs. */
export interface ParquetLeaf {
  /** The names from the table's column down to the values. */
  readonly path: readonly string[];
  readonly type: keyof typeof physicalTypes;
}

/** The values of one leaf in some rows that follow each other. */
export interface ParquetPage {
  /** Rows of the table. */
  readonly rows: number;
  /** Values and nulls; more than rows where lists have several. */
  readonly count: number;
  /** Which of them are there, and where lists begin: see `parquet-levels.ts`. */
  readonly levels: Uint8Array;
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
  readonly #schema: readonly ThriftStruct[];
  readonly #leaves: readonly ParquetLeaf[];
  readonly #groups: ThriftValue[] = [];
  #pending: (readonly ParquetPage[])[] = [];
  #pendingRows = 0;
  #pendingBytes = 0;
  #rows = 0;
  #offset = 0;

  /** `schema`: the elements of the format's schema, the root first, depth first; `leaves`: those of them that hold values. */
  constructor(file: FileHandle, schema: readonly ThriftStruct[], leaves: readonly ParquetLeaf[]) {
    this.#file = file;
    this.#schema = schema;
    this.#leaves = leaves;
  }

  /** Adds rows: a page for each leaf, all with the same number of rows. */
  async write(row: readonly ParquetPage[]): Promise<void> {
    const before = this.#pending.at(-1);
    // A column has one dictionary in a group of rows.
    if (before?.some((page, index) => page.dictionary !== row[index]?.dictionary)) await this.#flush();
    this.#pending.push(row);
    this.#pendingRows += row[0]?.rows ?? 0;
    this.#pendingBytes += row.reduce((sum, page) => sum + page.values.length + page.levels.length, 0);
    if (this.#pendingRows >= rowsPerGroup || this.#pendingBytes >= bytesPerGroup) await this.#flush();
  }

  /** Writes the footer; the file is the caller's to close. */
  async end(): Promise<void> {
    await this.#flush();
    if (this.#offset === 0) await this.#append([magic]);
    const footer = encodeThrift([
      [1, { i32: 1 }],
      [2, { list: this.#schema.map((struct) => ({ struct })) }],
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
    for (const [index, leaf] of this.#leaves.entries()) {
      const group = this.#pending.flatMap((row) => row[index] ?? []);
      chunks.push({ struct: await this.#writeChunk(leaf, group) });
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

  async #writeChunk(leaf: ParquetLeaf, group: readonly ParquetPage[]): Promise<ThriftStruct> {
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
      [1, { i32: physicalTypes[leaf.type] }],
      [2, { list: used.map((i32) => ({ i32 })) }],
      [3, { list: leaf.path.map((text) => ({ text })) }],
      [4, { i32: 0 }],
      [5, { i64: group.reduce((sum, page) => sum + page.count, 0) }],
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

function dictionaryPage({ count, values }: ParquetDictionary): Uint8Array[] {
  const header: ThriftStruct = [
    [1, { i32: count }],
    [2, { i32: encodings.plain }],
  ];
  return [pageHeader(pages.dictionary, values.length, [7, { struct: header }]), values];
}

function dataPage({ count, levels, values, dictionary }: ParquetPage): Uint8Array[] {
  const encoding = dictionary === undefined ? encodings.plain : encodings.dictionary;
  const parts = [levels, ...(dictionary === undefined ? [] : [placesHead(values, dictionary)]), values];
  const header: ThriftStruct = [
    [1, { i32: count }],
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

/** The width of the places in bits, and one run of all of them, eight to a group: as they are in memory. */
function placesHead(values: Uint8Array, { placeBytes }: ParquetDictionary): Uint8Array {
  const head = [placeBytes * 8];
  writeVarint((values.length / placeBytes / 8) * 2 + 1, head);
  return Buffer.from(head);
}
