import type { FileHandle } from "node:fs/promises";

/** More than any writer makes: a schema of 100,000 columns has some 20 MB. */
const longestMetadata = 1 << 28;
const deepestField = 64;

/**
 * Looks at the metadata of an Arrow file or stream before the library does: where a damaged byte makes a list billions of entries
 * long, the library would read them all. Throws `RangeError`. Source: Message.fbs, Schema.fbs and File.fbs of Apache Arrow, and
 * the internals page of FlatBuffers.
 */
export async function checkArrowMetadata(
  handle: FileHandle,
  sizeBytes: number,
  isFile: boolean,
): Promise<void> {
  const bytes = async (start: number, length: number) => {
    if (
      !Number.isSafeInteger(start) ||
      length < 0 ||
      length > longestMetadata ||
      start < 0 ||
      start + length > sizeBytes
    )
      throw new RangeError("metadata that lies outside of the file");
    const found = Buffer.alloc(length);
    const { bytesRead } = await handle.read(found, 0, length, start);
    if (bytesRead < length) throw new RangeError("metadata that is cut off");
    return new DataView(found.buffer, found.byteOffset, length);
  };
  if (isFile) {
    const length = (await bytes(sizeBytes - 10, 4)).getInt32(0, true);
    for (const block of checkFooter(await bytes(sizeBytes - 10 - length, length))) {
      const found = messageOf(block, await bytes(block.offset, 8));
      const { kind } = checkMessage(await bytes(found.start, found.length));
      // The library would read a message of another kind again and again: it counts batches only.
      if (kind !== block.kind) throw new RangeError("a block that holds another kind of message");
    }
    return;
  }
  for (let at = 0; ; ) {
    const prefix = await bytes(at, 8);
    const length = prefix.getInt32(4, true);
    if (prefix.getUint32(0, true) !== 0xffff_ffff) throw new RangeError("a message without its mark");
    if (length === 0) return;
    at += 8 + length + checkMessage(await bytes(at + 8, length)).bodyBytes;
  }
}

/** Of MessageHeader in Message.fbs. */
const messageKind = { schema: 1, dictionary: 2, batch: 3 } as const;

interface Block {
  readonly kind: number;
  readonly offset: number;
  readonly metadataBytes: number;
}

/** Where the message of a block stands: behind its mark and its length, or behind the length alone (before Arrow 0.15). */
function messageOf({ offset, metadataBytes }: Block, prefix: DataView): { start: number; length: number } {
  const prefixBytes = prefix.getUint32(0, true) === 0xffff_ffff ? 8 : 4;
  const length = prefix.getInt32(prefixBytes - 4, true);
  if (length <= 0 || prefixBytes + length > metadataBytes)
    throw new RangeError("a message of another length than the footer says");
  return { start: offset + prefixBytes, length };
}

function checkFooter(view: DataView): Block[] {
  const checker = new FlatChecker(view);
  const footer = checker.root();
  const schema = checker.field(footer, 1);
  if (schema !== 0) checker.schema(checker.target(schema));
  checker.tables(footer, 4);
  return [
    ...checker.blocks(footer, 2).map((block) => ({ ...block, kind: messageKind.dictionary })),
    ...checker.blocks(footer, 3).map((block) => ({ ...block, kind: messageKind.batch })),
  ];
}

/** Answers the kind of the message (0 where it has none) and the length of its body. */
function checkMessage(view: DataView): { readonly kind: number; readonly bodyBytes: number } {
  const checker = new FlatChecker(view);
  const message = checker.root();
  const [type, header, body] = [1, 2, 3].map((slot) => checker.field(message, slot));
  const kind = type === undefined || type === 0 ? 0 : view.getUint8(type);
  if (header !== undefined && header !== 0) checker.header(kind, checker.target(header));
  checker.tables(message, 4);
  const bodyBytes = body === undefined || body === 0 ? 0 : Number(view.getBigInt64(body, true));
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0)
    throw new RangeError("a message with a body of no length");
  return { kind, bodyBytes };
}

/** Reads the tables and vectors of a FlatBuffer; a DataView throws for what lies outside. */
class FlatChecker {
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
    return offset === 0 ? 0 : table + offset;
  }

  header(kind: number, table: number): void {
    if (kind === messageKind.schema) this.schema(table);
    if (kind === messageKind.batch) this.#batch(table);
    const batch = kind === messageKind.dictionary ? this.field(table, 1) : 0;
    if (batch !== 0) this.#batch(this.target(batch));
  }

  /** Nodes, buffers, and the numbers of buffers of views. */
  #batch(table: number): void {
    this.#vector(table, 1, 16);
    this.#vector(table, 2, 16);
    this.#vector(table, 4, 8);
  }

  schema(table: number): void {
    this.#vector(table, 3, 8);
    this.tables(table, 2);
    for (const field of this.tables(table, 1)) this.#column(field, 0);
  }

  #column(table: number, depth: number): void {
    // Lists of a damaged file may share their entries: that many different ones have no room.
    this.#visits += 1;
    if (depth > deepestField || this.#visits > this.#view.byteLength)
      throw new RangeError("fields without end");
    this.tables(table, 6);
    // Only a union has a list in its type.
    const [kind, type] = [this.field(table, 2), this.field(table, 3)];
    if (kind !== 0 && type !== 0 && this.#view.getUint8(kind) === 14) this.#vector(this.target(type), 1, 4);
    for (const child of this.tables(table, 5)) this.#column(child, depth + 1);
  }

  /** The tables of a vector; none where it is missing. */
  tables(table: number, slot: number): number[] {
    const { start, length } = this.#vector(table, slot, 4);
    return Array.from({ length }, (_, index) => this.target(start + 4 * index));
  }

  /** A Block is 24 bytes: offset, length of the metadata, padding, length of the body. */
  blocks(table: number, slot: number): Omit<Block, "kind">[] {
    const { start, length } = this.#vector(table, slot, 24);
    return Array.from({ length }, (_, index) => ({
      offset: Number(this.#view.getBigInt64(start + 24 * index, true)),
      metadataBytes: this.#view.getInt32(start + 24 * index + 8, true),
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
