/** One field of a protobuf message, as it lies in the file. */
export interface ProtobufField {
  readonly number: number;
  /** Of a varint; 0n otherwise. */
  readonly value: bigint;
  /** The content of a length-delimited field; empty otherwise. */
  readonly bytes: Uint8Array;
  /** The whole field with its key. */
  readonly raw: Uint8Array;
}

/**
 * The fields of a message in their order (protobuf.dev, "Encoding"). Groups, which nobody writes any more, and a message that is
 * cut off throw `RangeError`.
 */
export function* fieldsOf(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const key = varint(message, at);
    at = key.end;
    const number = Number(key.value >> 3n);
    const wireType = Number(key.value & 7n);
    let value = 0n;
    let bytes = message.subarray(0, 0);
    if (wireType === 0) {
      ({ value, end: at } = varint(message, at));
    } else if (wireType === 2) {
      const length = varint(message, at);
      at = length.end + Number(length.value);
      bytes = message.subarray(length.end, at);
    } else if (wireType === 1 || wireType === 5) {
      at += wireType === 1 ? 8 : 4;
    } else {
      throw new RangeError(`a field of wire type ${wireType}`);
    }
    if (at > message.length) throw new RangeError("a message that is cut off");
    yield { number, value, bytes, raw: message.subarray(start, at) };
  }
}

/** The text of the first field of that number; empty where there is none. */
export function textField(message: Uint8Array, number: number): string {
  for (const field of fieldsOf(message)) if (field.number === number) return decoder.decode(field.bytes);
  return "";
}

/** All 64-bit integers of a repeated field, packed or not. */
export function integersField(message: Uint8Array, number: number): bigint[] {
  const found: bigint[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (field.bytes.length === 0) {
      found.push(BigInt.asIntN(64, field.value));
      continue;
    }
    for (let at = 0; at < field.bytes.length; ) {
      const { value, end } = varint(field.bytes, at);
      found.push(BigInt.asIntN(64, value));
      at = end;
    }
  }
  return found;
}

/** A length-delimited field. */
export function encodeField(number: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([encodeVarint(number * 8 + 2), encodeVarint(length), ...content]);
}

/** A field that is a small number. */
export function encodeNumber(number: number, value: number): Uint8Array {
  return Buffer.concat([encodeVarint(number * 8), encodeVarint(value)]);
}

const decoder = new TextDecoder();

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Uint8Array.from(bytes);
  }
}

function varint(message: Uint8Array, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = start; at < start + 10; at++) {
    const byte = message[at];
    if (byte === undefined) throw new RangeError("a message that is cut off");
    value |= BigInt(byte & 127) << BigInt(7 * (at - start));
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError("a number of more than 64 bits");
}
