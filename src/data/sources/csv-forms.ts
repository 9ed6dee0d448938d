import type { FieldForm } from "./csv-form-code.ts";
import { type CsvHeader, headerEnd, splitRecord } from "./csv-header.ts";

/** By the place of a field in its record. */
export type FieldForms = ReadonlyMap<number, FieldForm>;

/** The forms as the fast scan knows them (csv-form-code.ts). */
const patterns: Readonly<Record<FieldForm, RegExp>> = {
  integer: /^(?:0|-?[1-9][0-9]{0,18})$/,
  date: /^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]$/,
  timestamp: /^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?$/,
  boolean: /^(?:true|false)$/,
};

/** The form of one text without its quotes; undefined where it has none. */
export function formOf(text: string): FieldForm | undefined {
  const names: readonly FieldForm[] = ["integer", "timestamp", "date", "boolean"];
  return names.find((name) => patterns[name].test(text));
}

const [mostLookedAt, mostRecords, mostFields] = [1 << 16, 32, 20_000];

/** The forms of the fields in the first records below the header: a guess, which the scan of the whole text proves or drops. */
export function likelyForms(head: Buffer, { names, delimiter }: CsvHeader): FieldForms {
  const start = (headerEnd(head) ?? head.length) + 1;
  const lines = head
    .subarray(start, start + mostLookedAt)
    .toString("latin1")
    .split(/\r?\n/);
  // The last line may be cut off.
  const records = lines.slice(0, -1).slice(0, Math.min(mostRecords, Math.ceil(mostFields / names.length)));
  const found = new Map<number, FieldForm | undefined>();
  for (const record of records) {
    for (const [place, field] of splitRecord(record, delimiter).entries()) {
      if (field === "") continue;
      const form = formOf(field);
      found.set(place, found.has(place) && found.get(place) !== form ? undefined : form);
    }
  }
  return new Map([...found].flatMap(([place, form]) => (form === undefined ? [] : [[place, form]])));
}

/** The forms of the fields of several files: where one file has another than the rest there is none. */
export function commonForms(all: readonly FieldForms[]): FieldForms {
  const common = new Map<number, FieldForm>();
  const mixed = new Set<number>();
  for (const forms of all) {
    for (const [place, form] of forms) {
      if ((common.get(place) ?? form) !== form) mixed.add(place);
      common.set(place, form);
    }
  }
  return new Map([...common].filter(([place]) => !mixed.has(place)));
}

/** The forms of `offered` that every one of `all` still has. */
export function heldByAll(offered: FieldForms, all: readonly FieldForms[]): FieldForms {
  return new Map([...offered].filter(([place]) => all.every((forms) => forms.has(place))));
}
