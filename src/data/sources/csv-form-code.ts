import { type Code, i8x16, i32, ifElse, ifThen, localsOf, sized, type, v128 } from "./wasm-code.ts";

/**
 * Forms of text of which DuckDB's reader of CSV takes the value that stands there, or throws; other texts it may take more kindly
 * (1.5 as the integer 2). The numbers stand for them in the memory of the scan, one byte a column; 0: any text.
 * - integer: `0`, or up to 19 digits without a leading 0, and a minus before them
 * - date: `2025-01-31`, of the years 1000 to 9999
 * - timestamp: the same with ` 23:59:59`, a T for the space, and up to six digits of a second
 * - boolean: `true`, `false`
 */
export const fieldForms = { integer: 1, date: 2, timestamp: 3, boolean: 4 } as const;
export type FieldForm = keyof typeof fieldForms;

/** 32-bit globals of the module, numbered from 0: all set before the first scan. */
export const placeGlobals = [
  "delimiter",
  /** Where the field begins that the scan stands in, and which of its record it is, from 0. */
  "fieldStart",
  "place",
  /** How many fields of a record have a byte in memory, from address 0. */
  "columns",
] as const;

type PlaceGlobal = (typeof placeGlobals)[number];

export const placeGet = (name: PlaceGlobal): Code => [0x23, placeGlobals.indexOf(name)];
const placeSet = (name: PlaceGlobal, value: Code): Code => [...value, 0x24, placeGlobals.indexOf(name)];

const { get, set } = localsOf(["block", "ends", "at", "form", "start", "end", "length", "minus"]);
const [at, form, start, end, length] = [get("at"), get("form"), get("start"), get("end"), get("length")];
const [lineFeed, carriageReturn] = [i32.const(0x0a), i32.const(0x0d)];
const letter = (value: string): Code => i32.const(value.charCodeAt(0));

const all = (...tests: readonly Code[]): Code => tests.reduce((a, b) => i32.and(a, b));
const repeated = (byte: number): Code => Array.from({ length: 16 }, () => byte);

/** A bit for each of 16 bytes that is not between `low` and `high`. */
function outside(bytes: Code, low: Code, high: Code): Code {
  const span = high.map((byte, index) => byte - (low[index] ?? 0));
  return i8x16.bitmask(i8x16.greater(i8x16.subtract(bytes, v128.const(low)), v128.const(span)));
}

const notDigits = (bytes: Code): Code => outside(bytes, repeated(0x30), repeated(0x39));
const ascii = (value: string): Code => [...Buffer.from(value)];

/** The 32 bytes before the end, of which the last ones are the digits. */
const isInteger: Code = [
  ...set("minus", i32.equal(i32.loadByte(start), letter("-"))),
  ...set("start", i32.add(start, get("minus"))),
  ...set("length", i32.subtract(length, get("minus"))),
  ...all(
    i32.less(i32.subtract(length, i32.const(1)), i32.const(19)),
    i32.or(
      i32.isZero(i32.equal(i32.loadByte(start), letter("0"))),
      i32.equal(i32.add(length, get("minus")), i32.const(1)),
    ),
    i32.isZero(
      i32.shiftRight(
        i32.or(
          notDigits(v128.load(i32.subtract(end, i32.const(32)))),
          i32.shiftLeft(notDigits(v128.load(i32.subtract(end, i32.const(16)))), i32.const(16)),
        ),
        i32.subtract(i32.const(32), length),
      ),
    ),
  ),
];

// A zero byte to 0xff: any; what stands between date and time is looked at alone.
const firstOfTime = outside(v128.load(start), ascii("1000-00-00\x0000:00"), [
  ...ascii("9999-19-39"),
  0xff,
  ...ascii("29:59"),
]);
const restOfTime = outside(
  v128.load(start, 16),
  [...ascii(":00.000000"), 0, 0, 0, 0, 0, 0],
  [...ascii(":59.999999"), ...Array.from({ length: 6 }, () => 0xff)],
);

const isDate = all(i32.equal(length, i32.const(10)), i32.isZero(i32.and(firstOfTime, i32.const(0x3ff))));

const isTimestamp = all(
  i32.or(i32.equal(length, i32.const(19)), i32.less(i32.subtract(length, i32.const(21)), i32.const(6))),
  i32.isZero(firstOfTime),
  i32.isZero(
    i32.and(
      restOfTime,
      i32.subtract(i32.shiftLeft(i32.const(1), i32.subtract(length, i32.const(16))), i32.const(1)),
    ),
  ),
  i32.or(i32.equal(i32.loadByte(start, 10), letter(" ")), i32.equal(i32.loadByte(start, 10), letter("T"))),
);

const word = (value: string): Code => i32.const(Buffer.from(value).readInt32LE());
const isBoolean = i32.or(
  all(i32.equal(length, i32.const(4)), i32.equal(i32.load(start), word("true"))),
  all(
    i32.equal(length, i32.const(5)),
    i32.equal(i32.load(start), word("fals")),
    i32.equal(i32.loadByte(start, 4), letter("e")),
  ),
);

const isOfForm = (name: FieldForm): Code => i32.equal(form, i32.const(fieldForms[name]));
const hasForm = ifElse(
  isOfForm("integer"),
  isInteger,
  ifElse(isOfForm("timestamp"), isTimestamp, ifElse(isOfForm("date"), isDate, isBoolean)),
);

/** A field of a form ends at `at`: an empty one is missing, and breaks nothing. What breaks the form is no longer looked at. */
const checkField: Code = [
  ...set("start", placeGet("fieldStart")),
  // Behind a lone carriage return no text is regular: this one stands before a line feed.
  ...set("end", i32.subtract(at, i32.equal(i32.loadByte(i32.subtract(at, i32.const(1))), carriageReturn))),
  ...set("length", i32.subtract(end, start)),
  ...ifThen(length, [
    ...ifThen(i32.equal(i32.loadByte(start), letter('"')), [
      ...set("start", i32.add(start, i32.const(1))),
      ...set("end", i32.subtract(end, i32.const(1))),
      ...set("length", i32.subtract(length, i32.const(2))),
    ]),
    ...ifThen(
      ifElse(
        i32.isZero(length),
        i32.const(0),
        ifElse(i32.greater(length, i32.const(26)), i32.const(1), i32.isZero(hasForm)),
      ),
      i32.storeByte(placeGet("place"), i32.const(0)),
    ),
  ]),
];

const nextField: Code = [
  ...set("at", i32.add(get("block"), i32.ofLong([...get("ends"), 0x7a]))), // i64.ctz
  ...set("ends", [...get("ends"), ...get("ends"), ...[0x42, 1, 0x7d], 0x83]), // ends & (ends - 1)
  ...ifThen(i32.less(placeGet("place"), placeGet("columns")), [
    ...set("form", i32.loadByte(placeGet("place"))),
    ...ifThen(form, checkField),
  ]),
  ...placeSet("fieldStart", i32.add(at, i32.const(1))),
  ...placeSet(
    "place",
    ifElse(i32.equal(i32.loadByte(at), lineFeed), i32.const(0), i32.add(placeGet("place"), i32.const(1))),
  ),
];

/** The function's parameters: where a block of 64 bytes is, and a bit for each of its bytes that ends a field. */
export const endFieldsParameters: Code = [type.i32, type.i64];

/** The body of the function that looks at the fields that end in a block, with its locals. */
export const endFieldsBody: Code = sized([
  ...[1, 6, type.i32],
  ...[0x03, type.none], // loop
  ...[...get("ends"), 0x50, 0x45, 0x04, type.none], // if ends is not 0
  ...nextField,
  ...[0x0c, 0x01], // back to the loop
  ...[0x0b, 0x0b, 0x0b],
]);
