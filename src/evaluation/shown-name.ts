import { printable } from "../printable.ts";

/** A name of the data as it stands in a sentence: as it is, or in quotes where one would not see where it ends. */
export function shownName(name: string): string {
  return /^[\p{L}\p{N}_.*@-]+$/u.test(name) ? name : JSON.stringify(printable(name));
}
