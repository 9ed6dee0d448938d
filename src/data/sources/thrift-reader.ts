const kinds = {
  true: 1,
  false: 2,
  byte: 3,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;
const deepest = 32;

/** What is read of a struct: what to do with fields by their numbers; all others are skipped. */
type FieldReaders = Readonly<Record<number, (reader: ThriftReader) => void>>;

const nothing: FieldReaders = {};

/**
 * Reads Thrift's compact protocol without making objects of it: neither of what it says nor on the way, for the footer of a
 * large file has hundreds of thousands of fields. Throws `RangeError` where the bytes end too early or are no Thrift.
 * Source: the compact protocol's page in the Thrift repository.
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes were read. */
  get place(): number {
    return this.#at;
  }

  struct(fields: FieldReaders): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw new RangeError("structs without end");
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) break;
      id = head >> 4 === 0 ? this.integer() : id + (head >> 4);
      const kind = head & 15;
      const read = fields[id];
      // A boolean field has its value in its kind.
      if (read === undefined) this.#skip(kind, "field");
      else read(this);
    }
    this.#depth -= 1;
  }

  /** Calls `read` for every item of a list. */
  list(read: (reader: ThriftReader) => void): void {
    const count = this.#listCount(this.#byte());
    for (let index = 0; index < count; index += 1) read(this);
  }

  /** Zigzag, of up to 64 bits; exact below 2^53. */
  integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #listCount(head: number): number {
    return head >> 4 === 15 ? this.#varint() : head >> 4;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError("it ends too early");
    this.#at += 1;
    return byte;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new RangeError("a number that is too long");
  }

  #skip(kind: number, where: "field" | "item"): void {
    if (kind === kinds.true || kind === kinds.false) this.#leap(where === "field" ? 0 : 1);
    else if (kind === kinds.byte) this.#leap(1);
    else if (kind === kinds.double) this.#leap(8);
    else if (kind === kinds.binary) this.#leap(this.#varint());
    else if (kind === kinds.list || kind === kinds.set) {
      const head = this.#byte();
      const count = this.#listCount(head);
      for (let index = 0; index < count; index += 1) this.#skip(head & 15, "item");
    } else if (kind === kinds.map) this.#skipMap();
    else if (kind === kinds.struct) this.struct(nothing);
    else if (kind > kinds.byte && kind < kinds.double) this.#varint();
    else throw new RangeError("a kind of value that there is not");
  }

  #skipMap(): void {
    const count = this.#varint();
    if (count === 0) return;
    const pair = this.#byte();
    for (let index = 0; index < count; index += 1) {
      this.#skip(pair >> 4, "item");
      this.#skip(pair & 15, "item");
    }
  }

  #leap(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError("it ends too early");
  }
}
