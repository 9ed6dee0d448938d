import { fc } from "../support/fast-check.ts";

/** Words that mean something to SQL, YAML, CSV, HTML, terminals, or to nobody. */
const words = [
  '"; drop',
  '"; DROP TABLE data; --',
  "'; select 1; --",
  "a'b",
  'a"b',
  "a,b",
  "a;b",
  "a b",
  " a",
  "a.b",
  "a*",
  "?",
  "%",
  "$HOME",
  "$" + "{HOME}",
  "{{x}}",
  "\\",
  "\\n",
  "-",
  "- a",
  "#",
  "!tag",
  "&anchor",
  "*alias",
  "null",
  "true",
  "NaN",
  "1",
  "<script>alert(1)</script>",
  "\u202egnp.exe",
  "\u0007",
  "\u001b[31mred",
  "😀",
  "é",
  "e\u0301",
  "İ",
  "ß",
  "名前",
  "__proto__",
  "constructor",
  "toString",
  "rows",
  "c0",
  "data",
  "select",
  "rowid",
  "file_row_number",
  "filename",
  "x".repeat(10_000),
];

/** One word, or a short text of letters that are worth trying. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
);

/** `text` as a field of a CSV record. */
function csvField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export function csvOf(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map(csvField).join(",")}\n`).join("");
}
