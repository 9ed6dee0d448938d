import { daysIn } from "./strptime.ts";

/** Two-digit years are those within 50 years of this one. */
const pivotYear = 2026;

/** A year of two digits in full. */
export function nearYear(year: number): number {
  if (year >= 100) return year;
  const full = Math.floor(pivotYear / 100) * 100 + year;
  if (full >= pivotYear + 50) return full - 100;
  return full < pivotYear - 50 ? full + 100 : full;
}

export interface Day {
  readonly year: number | undefined;
  readonly month: number | undefined;
  readonly day: number | undefined;
}

/** No date can be made of the text. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

type Place = "year" | "month" | "day";

/** Up to three numbers of a date, of which some are known for what they are. */
export class DateParts {
  readonly #numbers: number[] = [];
  readonly #known = new Map<Place, number>();
  #hasCentury = false;

  get length(): number {
    return this.#numbers.length;
  }

  /** A number as it was written: more than two digits are a year. */
  addText(text: string, place?: Place): void {
    if (!/^[0-9]+$/.test(text)) throw new Unreadable(text);
    this.#add(Number(text), text.length > 2, place);
  }

  addNumber(value: number, place?: Place): void {
    this.#add(Math.trunc(value), value > 100, place);
  }

  #add(value: number, isYear: boolean, place: Place | undefined): void {
    if (isYear) this.#hasCentury = true;
    if (isYear && place !== undefined && place !== "year") throw new Unreadable(String(value));
    const meant = isYear ? "year" : place;
    this.#numbers.push(value);
    if (meant === undefined) return;
    if (this.#known.has(meant)) throw new Unreadable(`a second ${meant}`);
    this.#known.set(meant, this.#numbers.length - 1);
  }

  couldBeDay(value: number): boolean {
    if (this.#known.has("day")) return false;
    const month = this.#numbers[this.#known.get("month") ?? -1];
    if (month === undefined) return value >= 1 && value <= 31;
    if (month < 1 || month > 12) throw new Unreadable(`month ${month}`);
    const year = this.#numbers[this.#known.get("year") ?? -1] ?? 2000;
    return value >= 1 && value <= daysIn(year, month);
  }

  /** Which number is what; two digits are a year of this age. */
  resolve(): Day {
    const { year, month, day } = this.#resolved();
    return { year: year === undefined || this.#hasCentury ? year : nearYear(year), month, day };
  }

  #resolved(): Day {
    const numbers = this.#numbers;
    const known = this.#known;
    if ((numbers.length > 0 && numbers.length === known.size) || (numbers.length === 3 && known.size === 2))
      return this.#byPlaces();
    if (numbers.length > 3) throw new Unreadable("more than three numbers of a date");
    const month = known.get("month");
    if (numbers.length === 1 || (month !== undefined && numbers.length === 2))
      return oneOrMonth(numbers, month);
    if (numbers.length === 2) return monthAndOther(numbers);
    return numbers.length === 3
      ? allThree(numbers, month, known.get("year"))
      : day(undefined, undefined, undefined);
  }

  #byPlaces(): Day {
    const places = new Map(this.#known);
    if (this.#numbers.length === 3 && places.size === 2) {
      const free = [0, 1, 2].find((index) => ![...places.values()].includes(index)) ?? 0;
      const open = (["year", "month", "day"] as const).find((place) => !places.has(place));
      if (open !== undefined) places.set(open, free);
    }
    const at = (place: Place) => this.#numbers[places.get(place) ?? -1];
    return day(at("year"), at("month"), at("day"));
  }
}

function day(year: number | undefined, month: number | undefined, dayOfMonth: number | undefined): Day {
  return { year, month, day: dayOfMonth };
}

function oneOrMonth(numbers: readonly number[], place: number | undefined): Day {
  if (place !== undefined && numbers.length === 1) return day(undefined, numbers[place], undefined);
  const month = place === undefined ? undefined : numbers[place];
  const other = place === undefined ? numbers[0] : numbers.at(place - 1);
  return (other ?? 0) > 31 ? day(other, month, undefined) : day(undefined, month, other);
}

function monthAndOther([first = 0, second = 0]: readonly number[]): Day {
  if (first > 31) return day(first, second, undefined);
  return second > 31 ? day(second, first, undefined) : day(undefined, first, second);
}

/** Months come first where nothing says otherwise. */
function allThree(
  [first = 0, second = 0, third = 0]: readonly number[],
  month: number | undefined,
  year: number | undefined,
): Day {
  switch (month) {
    case 0:
      return second > 31 ? day(second, first, third) : day(third, first, second);
    case 1:
      return first > 31 ? day(first, second, third) : day(third, second, first);
    case 2:
      return second > 31 ? day(second, third, first) : day(first, third, second);
  }
  if (first > 31 || year === 0) return day(first, second, third);
  return first > 12 ? day(third, second, first) : day(third, first, second);
}
