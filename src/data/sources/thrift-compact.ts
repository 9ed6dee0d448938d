/** A value of Thrift's compact protocol, the one in which Parquet writes its headers and footers. */
export type ThriftValue =
  | { readonly bool: boolean }
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly struct: ThriftStruct }
  /** All items are of one kind. */
  | { readonly list: readonly ThriftValue[] };

/** Fields by their numbers, ascending. */
export type ThriftStruct = readonly (readonly [id: number, value: ThriftValue])[];

const kinds = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** The bytes of a struct. Source: the compact protocol's page in the Thrift repository. */
export function encodeThrift(struct: ThriftStruct): Buffer {
  const bytes: number[] = [];
  writeStruct(struct, bytes);
  return Buffer.from(bytes);
}

function writeStruct(struct: ThriftStruct, bytes: number[]): void {
  let last = 0;
  for (const [id, value] of struct) {
    const step = id - last;
    if (step > 0 && step <= 15) bytes.push((step << 4) | kindOf(value));
    else {
      bytes.push(kindOf(value));
      writeZigZag(id, bytes);
    }
    last = id;
    writeValue(value, bytes);
  }
  bytes.push(0);
}

function kindOf(value: ThriftValue): number {
  if ("bool" in value) return value.bool ? kinds.true : kinds.false;
  if ("i32" in value) return kinds.i32;
  if ("i64" in value) return kinds.i64;
  if ("text" in value) return kinds.binary;
  return "list" in value ? kinds.list : kinds.struct;
}

function writeValue(value: ThriftValue, bytes: number[]): void {
  // A boolean field has its value in its kind.
  if ("bool" in value) return;
  if ("i32" in value) writeZigZag(value.i32, bytes);
  else if ("i64" in value) writeZigZag(value.i64, bytes);
  else if ("text" in value) {
    const text = Buffer.from(value.text);
    writeVarint(text.length, bytes);
    for (const byte of text) bytes.push(byte);
  } else if ("struct" in value) writeStruct(value.struct, bytes);
  else {
    const [first] = value.list;
    const kind = first === undefined ? kinds.struct : kindOf(first);
    if (value.list.length < 15) bytes.push((value.list.length << 4) | kind);
    else {
      bytes.push(0xf0 | kind);
      writeVarint(value.list.length, bytes);
    }
    for (const item of value.list) writeValue(item, bytes);
  }
}

/** Sizes may be more than 2^32, so no bit operations. */
export function writeVarint(value: number, bytes: number[]): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

function writeZigZag(value: number, bytes: number[]): void {
  writeVarint(value >= 0 ? value * 2 : -value * 2 - 1, bytes);
}
