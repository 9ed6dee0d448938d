import { DateParts, type Day, nearYear, Unreadable } from "./dateutil-day.ts";
import { readNumber } from "./dateutil-number.ts";
import { hourOf, type Reading, whole } from "./dateutil-reading.ts";
import { halfOf, isFiller, isUtc, isWeekday, monthOf, tokensOf } from "./dateutil-words.ts";
import { daysIn } from "./strptime.ts";

/**
 * Whether python-dateutil 2.9 (`dateutil.parser.parse`, English, month before day) makes a date or time of a text. Unlike
 * there the answer does not hang on today: a day without a month may be the 31st, and 29 February needs no year. Digits are ASCII.
 */
export function isDateutilParseable(text: string): boolean {
  try {
    const reading: Reading = { tokens: tokensOf(text), date: new DateParts() };
    for (let index = 0; index < reading.tokens.length; ) index = readToken(reading, index) + 1;
    const day = reading.date.resolve();
    return hasAnything(reading, day) && isRealDay(day) && isRealTime(reading);
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

const numberForm = /^[0-9]+(?:\.[0-9]+)?$/;

/** Reads what begins at `index`; the index of the last token that it took. */
function readToken(reading: Reading, index: number): number {
  const { tokens } = reading;
  const token = tokens[index] ?? "";
  if (numberForm.test(token)) return readNumber(reading, index);
  // Python's float takes these words for numbers, and then there is none.
  if (/^(nan|inf|infinity)$/i.test(token)) throw new Unreadable(token);
  if (isWeekday(token)) {
    reading.hasWeekday = true;
    return index;
  }
  const month = monthOf(token);
  if (month !== undefined) return readMonth(reading, index, month);
  const half = halfOf(token);
  if (half !== undefined) return readHalf(reading, index, half);
  if (couldBeZone(reading, token)) return readZone(reading, index);
  if (reading.hour !== undefined && (token === "+" || token === "-")) return readOffset(reading, index);
  if (!isFiller(token)) throw new Unreadable(token);
  return index;
}

function readMonth({ tokens, date }: Reading, index: number, month: number): number {
  date.addNumber(month, "month");
  const separator = tokens[index + 1];
  if (separator === "-" || separator === "/") {
    date.addText(tokens[index + 2] ?? "");
    if (tokens[index + 3] !== separator) return index + 2;
    date.addText(tokens[index + 4] ?? "");
    return index + 4;
  }
  const [, before, of, after, year] = tokens.slice(index, index + 5);
  if (before !== " " || after !== " " || of?.toLowerCase() !== "of" || year === undefined) return index;
  // "Jan of 01": a year, whatever it looks like.
  if (/^[0-9]+$/.test(year)) date.addText(String(nearYear(Number(year))), "year");
  return index + 4;
}

function readHalf(reading: Reading, index: number, half: number): number {
  const { hour } = reading;
  if (hour === undefined || hour < 0 || hour > 12) throw new Unreadable("a half of the day without its hour");
  reading.hour = hourOf(hour, half);
  return index;
}

function couldBeZone({ hour, zone, hasOffset }: Reading, token: string): boolean {
  if (hour === undefined || zone !== undefined || hasOffset === true) return false;
  return /^[A-Z]{1,5}$/.test(token) || token === "z";
}

/** "GMT+3" names no zone, only an offset; the zone "Z" is one of 0. */
function readZone(reading: Reading, index: number): number {
  const token = reading.tokens[index] ?? "";
  const next = reading.tokens[index + 1];
  const hasSign = next === "+" || next === "-";
  reading.zone = hasSign && isUtc(token) ? undefined : token;
  if (token === "z" && !hasSign) reading.hasOffset = true;
  return index;
}

function readOffset(reading: Reading, index: number): number {
  const { tokens } = reading;
  const digits = tokens[index + 1] ?? "";
  let last = index + 1;
  if (digits.length === 4) whole(digits);
  else if (tokens[index + 2] === ":") {
    whole(digits);
    whole(tokens[index + 3] ?? "");
    last = index + 3;
  } else if (digits.length <= 2) whole(digits);
  else throw new Unreadable(digits);
  reading.hasOffset = true;
  const [filler, open, name = "", close] = tokens.slice(last + 1, last + 5);
  const isNamed = isFiller(filler) && open === "(" && close === ")" && name.length >= 3;
  if (!isNamed || !couldBeZone({ ...reading, hasOffset: false }, name)) return last;
  reading.zone = name;
  return last + 4;
}

function hasAnything(reading: Reading, { year, month, day }: Day): boolean {
  const { hour, minute, second, hasWeekday, zone, hasOffset } = reading;
  if (hasWeekday === true || hasOffset === true) return true;
  return [year, month, day, hour, minute, second, zone].some((one) => one !== undefined);
}

function isRealDay({ year = 2000, month = 1, day = 1 }: Day): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12) return false;
  return day >= 1 && day <= daysIn(year, month);
}

function isRealTime({ hour = 0, minute = 0, second = 0 }: Reading): boolean {
  return hour <= 23 && minute <= 59 && second <= 59;
}
