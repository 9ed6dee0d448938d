/** Instructions of WebAssembly as bytes, put one behind the other (WebAssembly specification 2.0, section 5). */
export type Code = readonly number[];

export const type = { i32: 0x7f, i64: 0x7e, v128: 0x7b, none: 0x40 } as const;

export function section(id: number, content: Code): Code {
  return [id, ...sized(content)];
}

export function sized(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

export function text(value: string): Code {
  return sized([...Buffer.from(value)]);
}

/** LEB128. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

export function signed(value: number): Code {
  if (value >= -0x40 && value < 0x40) return [value & 0x7f];
  return [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

/** Reading and writing of a function's locals (parameters first) by their names. */
export function localsOf<const T extends string>(names: readonly T[]) {
  const index = (name: T) => names.indexOf(name);
  return {
    get: (name: T): Code => [0x20, index(name)],
    set: (name: T, value: Code): Code => [...value, 0x21, index(name)],
  };
}

const binary =
  (...operation: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...operation];
const unary =
  (...operation: Code) =>
  (a: Code): Code => [...a, ...operation];

/** All comparisons are unsigned. Loads take an address and, where it is not 0, what is added to it. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsigned(offset)],
  loadByte: (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)],
  storeByte: (address: Code, value: Code): Code => [...address, ...value, 0x3a, 0, 0],
  isZero: unary(0x45),
  equal: binary(0x46),
  less: binary(0x49),
  greater: binary(0x4b),
  add: binary(0x6a),
  subtract: binary(0x6b),
  and: binary(0x71),
  or: binary(0x72),
  shiftLeft: binary(0x74),
  shiftRight: binary(0x76),
  ofLong: unary(0xa7),
} as const;

export const v128 = {
  const: (bytes: Code): Code => [0xfd, 0x0c, ...bytes],
  load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)],
} as const;

/** Of 16 bytes each. */
export const i8x16 = {
  splat: unary(0xfd, 0x0f),
  equal: binary(0xfd, 0x23),
  greater: binary(0xfd, 0x28),
  allTrue: unary(0xfd, 0x63),
  /** Bit n is the top bit of byte n, which is set where a comparison holds. */
  bitmask: unary(0xfd, 0x64),
  subtract: binary(0xfd, 0x71),
  least: binary(0xfd, 0x77),
} as const;

/** `when` gives an i32; `then` and `otherwise` leave nothing on the stack, or an i32 each. */
export function ifElse(when: Code, then: Code, otherwise: Code): Code {
  return [...when, 0x04, type.i32, ...then, 0x05, ...otherwise, 0x0b];
}

export function ifThen(when: Code, then: Code): Code {
  return [...when, 0x04, type.none, ...then, 0x0b];
}
