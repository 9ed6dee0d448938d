import { endFieldsBody, endFieldsParameters, placeGet, placeGlobals } from "./csv-form-code.ts";
import { type Code, section, signed, sized, text, type, unsigned } from "./wasm-code.ts";

/**
 * The inner loop of the CSV scan as a WebAssembly module, put together here from its instructions: it looks at 64 bytes at a
 * time with vector instructions, some 4 GB/s, where a loop in JavaScript manages 0.2. Whether a line end stands in quotes
 * follows from the parity of the quotes before it (a running xor over their bit mask).
 *
 * Memory: a byte for each column (see `fieldForms`), the text, and 64 bytes more than that on both sides. Exports: `memory`,
 * `scan(start, end)` with `end - start` a multiple of 64, one 32-bit global for each of `placeGlobals` and one 64-bit global for
 * each of `scanGlobals`.
 */

/** Carried from block to block and read at the end. */
export const scanGlobals = [
  /** Line ends outside quotes, blank lines among them, line ends inside quotes. */
  "lines",
  "blankLines",
  "quotedLineEnds",
  /** Not 0: quotes or carriage returns stand where this scan cannot tell what they mean, or there is a NUL byte. */
  "irregular",
  /** -1 inside quotes, else 0. */
  "inQuotes",
  /** Each 1 or 0, about the last byte: a field may begin behind it; it closed a quote; it was a carriage return. */
  "fieldMayBegin",
  "closedQuote",
  "carriageReturn",
  /** The last byte ended a line; and: it was the carriage return of a line that is blank so far. */
  "lineBegins",
  "blankSoFar",
] as const;

type GlobalName = (typeof scanGlobals)[number];

const locals = [
  "start",
  "end",
  "v0",
  "v1",
  "v2",
  "v3",
  "quotes",
  "feeds",
  "returns",
  "fields",
  "inside",
] as const;
const more = ["closing", "bare", "behindFeed"] as const;
type LocalName = (typeof locals)[number] | (typeof more)[number];

const localGet = (name: LocalName): Code => [0x20, localIndex(name)];
const localSet = (name: LocalName): Code => [0x21, localIndex(name)];
const globalGet = (name: GlobalName): Code => [0x23, scanGlobals.indexOf(name) + placeGlobals.length];
const globalSet = (name: GlobalName): Code => [0x24, scanGlobals.indexOf(name) + placeGlobals.length];
const localIndex = (name: LocalName) => [...locals, ...more].indexOf(name);

const i64 = {
  const: (value: number): Code => [0x42, ...signed(value)],
  and: [0x83],
  or: [0x84],
  xor: [0x85],
  shiftLeft: [0x86],
  shiftRightSigned: [0x87],
  shiftRight: [0x88],
  add: [0x7c],
  countOnes: [0x7b],
  ofUnsigned32: [0xad],
} as const;

const not = (code: Code): Code => [...code, ...i64.const(-1), ...i64.xor];
const and = (a: Code, b: Code): Code => [...a, ...b, ...i64.and];
const or = (a: Code, b: Code): Code => [...a, ...b, ...i64.or];
const shiftLeft = (code: Code, bits: number): Code => [...code, ...i64.const(bits), ...i64.shiftLeft];
const topBit = (code: Code): Code => [...code, ...i64.const(63), ...i64.shiftRight];
/** The mask of the bytes behind those of `code`; the last byte of the block before is in `carry`. */
const behind = (code: Code, carry: GlobalName): Code => or(shiftLeft(code, 1), globalGet(carry));
const addTo = (name: GlobalName, code: Code): Code => [
  ...globalGet(name),
  ...code,
  ...i64.countOnes,
  ...i64.add,
  ...globalSet(name),
];

/** The bit mask of the bytes that equal the one on the stack's `byte`: bit n stands for byte n of the block. */
function maskOf(byte: Code): Code {
  const part = (vector: LocalName): Code => [
    ...localGet(vector),
    ...byte,
    ...[0xfd, 0x0f], // i8x16.splat
    ...[0xfd, 0x23], // i8x16.eq
    ...[0xfd, 0x64], // i8x16.bitmask
    ...i64.ofUnsigned32,
  ];
  return or(
    or(part("v0"), shiftLeft(part("v1"), 16)),
    or(shiftLeft(part("v2"), 32), shiftLeft(part("v3"), 48)),
  );
}

/** The functions of the module by their numbers. */
const [scan, endFields] = [0, 1];

const byteConst = (value: number): Code => [0x41, ...signed(value)];
const delimiterByte = placeGet("delimiter");

function loads(): Code {
  return (["v0", "v1", "v2", "v3"] as const).flatMap((vector, index) => [
    ...localGet("start"),
    ...[0xfd, 0x00, 0x00, index * 16], // v128.load, unaligned
    ...localSet(vector),
  ]);
}

/** 1 where the block holds a NUL byte, else 0. */
const hasNul: Code = [
  ...localGet("v0"),
  ...localGet("v1"),
  ...[0xfd, 0x77], // i8x16.min_u
  ...localGet("v2"),
  ...[0xfd, 0x77],
  ...localGet("v3"),
  ...[0xfd, 0x77],
  ...[0xfd, 0x63], // i8x16.all_true
  0x45, // i32.eqz
  ...i64.ofUnsigned32,
];

const [quotes, feeds, returns] = [localGet("quotes"), localGet("feeds"), localGet("returns")];
const [fields, inside, closing] = [localGet("fields"), localGet("inside"), localGet("closing")];
const [bare, behindFeed] = [localGet("bare"), localGet("behindFeed")];

/** Inside: from an opening quote to the byte before the closing one. */
const findInside: Code = [
  ...quotes,
  ...localSet("inside"),
  ...[1, 2, 4, 8, 16, 32].flatMap((bits) => [
    ...inside,
    ...shiftLeft(inside, bits),
    ...i64.xor,
    ...localSet("inside"),
  ]),
  ...inside,
  ...globalGet("inQuotes"),
  ...i64.xor,
  ...localSet("inside"),
  ...inside,
  ...i64.const(63),
  ...i64.shiftRightSigned,
  ...globalSet("inQuotes"),
];

const block: Code = [
  ...loads(),
  ...[...maskOf(byteConst(0x22)), ...localSet("quotes")],
  ...[...maskOf(byteConst(0x0a)), ...localSet("feeds")],
  ...[...maskOf(byteConst(0x0d)), ...localSet("returns")],
  // Where a field may begin, and so a quote may open: behind a delimiter, a line end, or a quote (which is then a doubled one).
  ...[...or(or(maskOf(delimiterByte), feeds), quotes), ...localSet("fields")],
  ...findInside,
  ...[...and(quotes, not(inside)), ...localSet("closing")],
  // Irregular: a NUL; a quote that opens elsewhere; another byte behind a closing quote; a lone carriage return.
  ...globalGet("irregular"),
  ...or(
    or(hasNul, and(and(quotes, inside), not(behind(fields, "fieldMayBegin")))),
    or(
      and(behind(closing, "closedQuote"), not(or(fields, returns))),
      and(behind(returns, "carriageReturn"), not(feeds)),
    ),
  ),
  ...i64.or,
  ...globalSet("irregular"),
  ...[...topBit(fields), ...globalSet("fieldMayBegin")],
  ...[...topBit(closing), ...globalSet("closedQuote")],
  ...addTo("quotedLineEnds", and(feeds, inside)),
  ...[...and(feeds, not(inside)), ...localSet("bare")],
  ...addTo("lines", bare),
  // Blank: a line end right behind another, or with only a carriage return between them.
  ...[...behind(bare, "lineBegins"), ...localSet("behindFeed")],
  ...addTo("blankLines", and(bare, or(behindFeed, behind(and(returns, behindFeed), "blankSoFar")))),
  ...[...topBit(and(returns, behindFeed)), ...globalSet("blankSoFar")],
  ...[...topBit(bare), ...globalSet("lineBegins")],
  ...[...topBit(returns), ...globalSet("carriageReturn")],
  ...[...placeGet("columns"), 0x04, type.none], // if there are columns with a form
  ...[...localGet("start"), ...and(fields, not(or(quotes, inside))), 0x10, endFields],
  0x0b,
];

const scanBody: Code = [
  ...[...localGet("start"), ...localGet("end"), 0x49, 0x04, type.none], // if start < end
  ...[0x03, type.none], // loop
  ...block,
  ...[...localGet("start"), ...byteConst(64), 0x6a, ...localSet("start")],
  ...[...localGet("start"), ...localGet("end"), 0x49, 0x0d, 0x00], // back to the loop if start < end
  ...[0x0b, 0x0b, 0x0b],
];

/** The module; its memory has `pages` of 64 KiB. */
export function scanModule(pages: number): Uint8Array<ArrayBuffer> {
  const names = [...placeGlobals, ...scanGlobals];
  const exported = names.flatMap((name, index) => [...text(name), 0x03, index]);
  const localTypes = [
    [4, type.v128],
    [8, type.i64],
  ].flat();
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [2, ...[0x60, 2, type.i32, type.i32, 0], ...[0x60, 2, ...endFieldsParameters, 0]]),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0x00, ...unsigned(pages)]),
    ...section(6, [
      names.length,
      ...placeGlobals.flatMap(() => [type.i32, 1, 0x41, 0, 0x0b]),
      ...scanGlobals.flatMap(() => [type.i64, 1, 0x42, 0, 0x0b]),
    ]),
    ...section(7, [names.length + 2, ...text("memory"), 2, 0, ...text("scan"), 0, scan, ...exported]),
    ...section(10, [2, ...sized([2, ...localTypes, ...scanBody]), ...endFieldsBody]),
  ]);
}
