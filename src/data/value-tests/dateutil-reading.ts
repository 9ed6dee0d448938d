import { type DateParts, Unreadable } from "./dateutil-day.ts";

/** What was read of a text so far. */
export interface Reading {
  readonly tokens: readonly string[];
  readonly date: DateParts;
  hour?: number;
  minute?: number;
  second?: number | undefined;
  hasWeekday?: boolean;
  zone?: string | undefined;
  hasOffset?: boolean;
}

/** The hour of 24 for one of 12. */
export function hourOf(hour: number, half: number): number {
  if (hour < 12 && half === 1) return hour + 12;
  return hour === 12 && half === 0 ? 0 : hour;
}

/** Digits as a number. */
export function whole(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new Unreadable(text);
  return Number(text);
}
