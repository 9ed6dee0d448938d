import { isUtf8 } from "node:buffer";

/** Of MessageHeader in Message.fbs. */
export const messageKind = { schema: 1, dictionary: 2, batch: 3 } as const;

const deepestField = 64;

/** Bytes of the fields of the types in Schema.fbs, by the type's place in its union. */
const typeWidths: Readonly<Record<number, readonly number[]>> = {
  ...{ 2: [4, 1], 3: [2], 7: [4, 4, 4], 8: [2], 9: [2, 4], 10: [2, 4], 11: [2] },
  ...{ 14: [2, 4], 15: [4], 16: [4], 17: [1], 18: [2] },
};

interface Block {
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

interface Found {
  readonly bodyBytes: number;
  readonly columns: readonly number[] | undefined;
}

/** Reads the tables and vectors of a FlatBuffer; a DataView throws for what lies outside. */
export class FlatChecker {
  readonly #view: DataView;
  #visits = 0;

  constructor(view: DataView) {
    this.#view = view;
  }

  root(): number {
    return this.#view.getUint32(0, true);
  }

  /** The place that an offset at `at` leads to. */
  target(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  /** Where the field of a slot stands in a table; 0 where the table has it not. */
  field(table: number, slot: number): number {
    const vtable = table - this.#view.getInt32(table, true);
    const entry = 4 + slot * 2;
    if (entry >= this.#view.getUint16(vtable, true)) return 0;
    const offset = this.#view.getUint16(vtable + entry, true);
    if (offset >= this.#view.getUint16(vtable + 2, true))
      throw new RangeError("a field that lies outside of its table");
    return offset === 0 ? 0 : table + offset;
  }

  /** Footers and messages name the version of the format first: at most 5, which is written as 4. */
  version(table: number): void {
    const at = this.field(table, 0);
    const version = at === 0 ? 0 : this.#view.getInt16(at, true);
    if (version < 0 || version > 4) throw new RangeError("a version of the format that is not known");
  }

  /** Answers the columns as `schema` does: the known ones, where the message is no schema. */
  header(kind: number, table: number, found: Found): readonly number[] {
    if (kind === messageKind.schema) return this.schema(table);
    if (kind === messageKind.batch) this.#batch(table, found);
    const batch = kind === messageKind.dictionary ? this.field(table, 1) : 0;
    // Of the values of a dictionary, which are one column, it is not known here what is in them.
    if (batch !== 0) this.#batch(this.target(batch), { ...found, columns: undefined });
    return found.columns ?? [];
  }

  /** Nodes (length, nulls), buffers (offset, length), and the numbers of buffers of views. */
  #batch(table: number, { bodyBytes, columns }: Found): void {
    const nodes = this.#pairs(table, 1);
    for (const [length, nulls] of nodes)
      if (length < 0 || nulls < 0 || nulls > length)
        throw new RangeError("a column with more nulls than rows");
    for (const [offset, length] of this.#pairs(table, 2))
      if (offset < 0 || offset % 8 !== 0 || length < 0 || offset + length > bodyBytes)
        throw new RangeError("a buffer that lies outside of its message");
    this.#vector(table, 4, 8);
    const at = this.field(table, 0);
    const rows = at === 0 ? 0 : Number(this.#view.getBigInt64(at, true));
    let index = 0;
    // The library would fill shorter columns up with nulls.
    for (const count of columns ?? [nodes.length]) {
      if (nodes[index]?.[0] !== rows) throw new RangeError("a column that is not as long as its batch");
      index += count;
    }
    if (index !== nodes.length) throw new RangeError("a batch of other columns than the schema");
  }

  /** A vector of two numbers of 64 bits each. */
  #pairs(table: number, slot: number): (readonly [number, number])[] {
    const { start, length } = this.#vector(table, slot, 16);
    const number = (at: number) => Number(this.#view.getBigInt64(at, true));
    return Array.from({ length }, (_, index) => [number(start + 16 * index), number(start + 16 * index + 8)]);
  }

  /** Answers, for each column, how many nodes a batch has for it and all that is in it. */
  schema(table: number): number[] {
    this.#vector(table, 3, 8);
    this.tables(table, 2);
    return this.tables(table, 1).map((field) => this.#column(field, 0));
  }

  #column(table: number, depth: number): number {
    // Lists of a damaged file may share their entries: that many different ones have no room.
    this.#visits += 1;
    if (depth > deepestField || this.#visits > this.#view.byteLength)
      throw new RangeError("fields without end");
    this.#name(table);
    this.tables(table, 6);
    // Only a union has a list in its type.
    const [kind, type] = [this.field(table, 2), this.field(table, 3)];
    if (kind !== 0 && type !== 0 && this.#view.getUint8(kind) === 14) this.#vector(this.target(type), 1, 4);
    if (kind !== 0 && type !== 0) this.#type(this.#view.getUint8(kind), this.target(type));
    let nodes = 1;
    for (const child of this.tables(table, 5)) nodes += this.#column(child, depth + 1);
    // What is in the values of a dictionary stands in the dictionary.
    return this.field(table, 4) === 0 ? nodes : 1;
  }

  /** Numbers stand at multiples of their width: one that does not is a part of something else. */
  #type(kind: number, table: number): void {
    for (const [slot, width] of (typeWidths[kind] ?? []).entries())
      if (this.field(table, slot) % width !== 0) throw new RangeError("a type with a number that is none");
  }

  /** UTF-8, with a zero behind it. */
  #name(table: number): void {
    const { start, length } = this.#vector(table, 0, 1);
    if (start === 0) return;
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
    if (this.#view.getUint8(start + length) !== 0 || !isUtf8(bytes))
      throw new RangeError("a column with a name that is no text");
  }

  /** The tables of a vector; none where it is missing. */
  tables(table: number, slot: number): number[] {
    const { start, length } = this.#vector(table, slot, 4);
    return Array.from({ length }, (_, index) => this.target(start + 4 * index));
  }

  /** A Block is 24 bytes: offset, length of the metadata, padding, length of the body. */
  blocks(table: number, slot: number): Block[] {
    const { start, length } = this.#vector(table, slot, 24);
    return Array.from({ length }, (_, index) => ({
      offset: Number(this.#view.getBigInt64(start + 24 * index, true)),
      metadataBytes: this.#view.getInt32(start + 24 * index + 8, true),
      bodyBytes: Number(this.#view.getBigInt64(start + 24 * index + 16, true)),
    }));
  }

  #vector(
    table: number,
    slot: number,
    entryBytes: number,
  ): { readonly start: number; readonly length: number } {
    const at = this.field(table, slot);
    if (at === 0) return { start: 0, length: 0 };
    const vector = this.target(at);
    const length = this.#view.getUint32(vector, true);
    if (vector + 4 + length * entryBytes > this.#view.byteLength)
      throw new RangeError("a list that is longer than the metadata it stands in");
    return { start: vector + 4, length };
  }
}
