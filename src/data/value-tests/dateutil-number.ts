import { Unreadable } from "./dateutil-day.ts";
import { hourOf, type Reading, whole } from "./dateutil-reading.ts";
import { halfOf, isFiller, monthOf, unitOf } from "./dateutil-words.ts";

/** Reads what the number at `index` begins; the index of the last token that it took. */
export function readNumber(reading: Reading, index: number): number {
  const { tokens, date } = reading;
  const text = tokens[index] ?? "";
  const next = tokens[index + 1];
  const isTime = next === ":" || unitOf(next) !== undefined;
  // 19990118T23 or 19990118 2359.
  if (
    date.length === 3 &&
    (text.length === 2 || text.length === 4) &&
    reading.hour === undefined &&
    !isTime
  ) {
    reading.hour = whole(text.slice(0, 2));
    if (text.length === 4) reading.minute = whole(text.slice(2));
    return index;
  }
  if (text.length === 6 || text.indexOf(".") === 6) return readSix(reading, index);
  if ([8, 12, 14].includes(text.length)) return readStamp(reading, index);
  const unit = unitPlace(tokens, index);
  if (unit !== undefined) return readWithUnit(reading, index, unit);
  if (next === ":" && tokens.length > index + 2) return readClock(reading, index);
  if (next === "-" || next === "/" || next === ".") return readDate(reading, index, next);
  return readAlone(reading, index);
}

/** YYMMDD or HHMMSS[.ss]. */
function readSix(reading: Reading, index: number): number {
  const { tokens, date } = reading;
  const text = tokens[index] ?? "";
  if (date.length === 0 && !text.includes(".")) {
    for (const start of [0, 2, 4]) date.addText(text.slice(start, start + 2));
    return index;
  }
  reading.hour = whole(text.slice(0, 2));
  reading.minute = whole(text.slice(2, 4));
  reading.second = secondsOf(text.slice(4));
  return index;
}

/** YYYYMMDD[HHMM[SS]]. */
function readStamp(reading: Reading, index: number): number {
  const text = reading.tokens[index] ?? "";
  reading.date.addText(text.slice(0, 4), "year");
  reading.date.addText(text.slice(4, 6));
  reading.date.addText(text.slice(6, 8));
  if (text.length > 8) {
    reading.hour = whole(text.slice(8, 10));
    reading.minute = whole(text.slice(10, 12));
  }
  if (text.length > 12) reading.second = whole(text.slice(12));
  return index;
}

/** Where the unit of a number stands: "12h", "12 h", or the one before it: in "12h 30" it is minutes. */
function unitPlace(tokens: readonly string[], index: number): number | undefined {
  const isUnit = (place: number) => place >= 0 && unitOf(tokens[place]) !== undefined;
  if (isUnit(index + 1)) return index + 1;
  if (tokens[index + 1] === " " && isUnit(index + 2)) return index + 2;
  if (isUnit(index - 1)) return index - 1;
  const isLast = index > 1 && index === tokens.length - 1;
  return isLast && tokens[index - 1] === " " && isUnit(index - 2) ? index - 2 : undefined;
}

function readWithUnit(reading: Reading, index: number, place: number): number {
  const text = reading.tokens[index] ?? "";
  const unit = (unitOf(reading.tokens[place]) ?? 0) + (place > index ? 0 : 1);
  const value = Number(text);
  const fraction = value % 1;
  if (unit === 0) {
    reading.hour = Math.trunc(value);
    if (fraction > 0) reading.minute = Math.trunc(60 * fraction);
  } else if (unit === 1) readMinutes(reading, text);
  else if (unit === 2) reading.second = secondsOf(text);
  return Math.max(index, place);
}

function readMinutes(reading: Reading, text: string): void {
  const value = numberOf(text);
  reading.minute = Math.trunc(value);
  // Seconds that were read before are forgotten, as there.
  reading.second = value % 1 > 0 ? Math.trunc(60 * (value % 1)) : undefined;
}

/** HH:MM[:SS[.ss]]. */
function readClock(reading: Reading, index: number): number {
  const { tokens } = reading;
  reading.hour = Math.trunc(Number(tokens[index]));
  readMinutes(reading, tokens[index + 2] ?? "");
  const seconds = tokens[index + 4];
  if (tokens[index + 3] !== ":" || seconds === undefined) return index + 2;
  reading.second = secondsOf(seconds);
  return index + 4;
}

/** 2003-09-25, 25/Sep/2003, 9.25. */
function readDate({ tokens, date }: Reading, index: number, separator: string): number {
  date.addText(tokens[index] ?? "");
  const second = tokens[index + 2];
  if (second === undefined || isFiller(second)) return index + 1;
  const month = monthOf(second);
  if (month === undefined) date.addText(second);
  else date.addNumber(month, "month");
  if (tokens[index + 3] !== separator) return index + 2;
  const third = tokens[index + 4];
  const late = monthOf(third);
  if (late === undefined) date.addText(third ?? "");
  else date.addNumber(late, "month");
  return index + 4;
}

/** A number with nothing, a filler or a half of the day behind it. */
function readAlone(reading: Reading, index: number): number {
  const { tokens, date } = reading;
  const value = Number(tokens[index]);
  const next = tokens[index + 1];
  if (next === undefined || isFiller(next)) {
    const half = halfOf(tokens[index + 2]);
    if (half === undefined) {
      date.addNumber(value);
      return index + 1;
    }
    reading.hour = hourOf(Math.trunc(value), half);
    return index + 2;
  }
  const half = halfOf(next);
  if (half !== undefined && value < 24) {
    reading.hour = hourOf(Math.trunc(value), half);
    return index + 1;
  }
  if (!date.couldBeDay(value)) throw new Unreadable(next);
  date.addNumber(value);
  return index;
}

/** Seconds with a fraction that is let go. */
function secondsOf(text: string): number {
  const [seconds = "", fraction, ...more] = text.split(".");
  if (more.length > 0) throw new Unreadable(text);
  if (fraction !== undefined) whole(fraction.slice(0, 6).padEnd(6, "0"));
  return whole(seconds);
}

function numberOf(text: string): number {
  if (!/^[0-9]+(?:\.[0-9]+)?$/.test(text)) throw new Unreadable(text);
  return Number(text);
}
