import type { FileHandle } from "node:fs/promises";
import { FlatChecker, messageKind } from "./arrow-flatbuffer.ts";

/** More than any writer makes: a schema of 100,000 columns has some 20 MB. */
const longestMetadata = 1 << 28;

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
    const { columns, blocks } = checkFooter(await bytes(sizeBytes - 10 - length, length));
    for (const block of blocks) {
      const found = messageOf(block, await bytes(block.offset, 8));
      const { kind, bodyBytes } = checkMessage(await bytes(found.start, found.length), columns);
      // The library would read a message of another kind again and again: it counts batches only.
      if (kind !== block.kind) throw new RangeError("a block that holds another kind of message");
      if (bodyBytes !== block.bodyBytes || block.offset + block.metadataBytes + bodyBytes > sizeBytes)
        throw new RangeError("a block of another length than the footer says");
    }
    return;
  }
  let columns: readonly number[] = [];
  for (let at = 0; ; ) {
    const prefix = await bytes(at, 8);
    const length = prefix.getInt32(4, true);
    if (prefix.getUint32(0, true) !== 0xffff_ffff) throw new RangeError("a message without its mark");
    if (length === 0) return;
    const message = checkMessage(await bytes(at + 8, length), columns);
    columns = message.columns;
    at += 8 + length + message.bodyBytes;
  }
}

interface Block {
  readonly kind: number;
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

/** Where the message of a block stands: behind its mark and its length, or behind the length alone (before Arrow 0.15). */
function messageOf({ offset, metadataBytes }: Block, prefix: DataView): { start: number; length: number } {
  const prefixBytes = prefix.getUint32(0, true) === 0xffff_ffff ? 8 : 4;
  const length = prefix.getInt32(prefixBytes - 4, true);
  if (length <= 0 || prefixBytes + length !== metadataBytes)
    throw new RangeError("a message of another length than the footer says");
  return { start: offset + prefixBytes, length };
}

function checkFooter(view: DataView): {
  readonly columns: readonly number[];
  readonly blocks: readonly Block[];
} {
  const checker = new FlatChecker(view);
  const footer = checker.root();
  checker.version(footer);
  const schema = checker.field(footer, 1);
  const columns = schema === 0 ? [] : checker.schema(checker.target(schema));
  checker.tables(footer, 4);
  const blocks = [
    ...checker.blocks(footer, 2).map((block) => ({ ...block, kind: messageKind.dictionary })),
    ...checker.blocks(footer, 3).map((block) => ({ ...block, kind: messageKind.batch })),
  ];
  return { columns, blocks };
}

/**
 * Answers the kind of the message (0 where it has none), the length of its body, and the columns of the schema, which are those
 * of the message where it is one. Of each column: how many nodes a batch has for it and all that is in it.
 */
function checkMessage(
  view: DataView,
  columns: readonly number[],
): { readonly kind: number; readonly bodyBytes: number; readonly columns: readonly number[] } {
  const checker = new FlatChecker(view);
  const message = checker.root();
  checker.version(message);
  const [type, header, body] = [1, 2, 3].map((slot) => checker.field(message, slot));
  const kind = type === undefined || type === 0 ? 0 : view.getUint8(type);
  const bodyBytes = body === undefined || body === 0 ? 0 : Number(view.getBigInt64(body, true));
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0)
    throw new RangeError("a message with a body of no length");
  checker.tables(message, 4);
  if (header === undefined || header === 0) return { kind, bodyBytes, columns };
  const found = checker.header(kind, checker.target(header), { bodyBytes, columns });
  return { kind, bodyBytes, columns: found };
}
