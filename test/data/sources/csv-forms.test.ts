import { describe, expect, it } from "vitest";
import type { FieldForm } from "../../../src/data/sources/csv-form-code.ts";
import { commonForms, type FieldForms, formOf, likelyForms } from "../../../src/data/sources/csv-forms.ts";
import { readHeader } from "../../../src/data/sources/csv-header.ts";
import { CsvScan } from "../../../src/data/sources/csv-scan.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

/** What the scan of a text says, which it is given in pieces. */
function held(text: string, asked: FieldForms, cuts: readonly number[] = []): FieldForms | "irregular" {
  const bytes = Buffer.from(text);
  const scan = new CsvScan(",".charCodeAt(0), asked);
  const ends = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
  for (const [index, end] of [...ends, bytes.length].entries())
    scan.push(bytes.subarray(ends[index - 1] ?? 0, end));
  return scan.end().isRegular ? scan.forms : "irregular";
}

const digit = fc.constantFrom(..."0123456789");
const digits = (least: number, most: number) =>
  fc.array(digit, { minLength: least, maxLength: most }).map((all) => all.join(""));
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const text = (value: string) => fc.constant(value);

const date = joined(
  digits(4, 4),
  text("-"),
  fc.constantFrom("01", "12", "19", "20"),
  text("-"),
  digits(2, 2),
);
const time = joined(digits(2, 2), text(":"), fc.constantFrom("00", "59", "60"), text(":"), digits(2, 2));
/** Texts of the forms and such as nearly are. */
const near: Readonly<Record<FieldForm, fc.Arbitrary<string>>> = {
  integer: joined(fc.constantFrom("", "-", "+", " "), digits(0, 21)),
  date,
  timestamp: joined(
    date,
    fc.constantFrom(" ", "T", "t", "  "),
    time,
    fc.constantFrom("", "."),
    digits(0, 7),
    fc.constantFrom("", "Z", "+00"),
  ),
  boolean: fc.constantFrom("true", "false", "True", "t", "fals", "falsf", "truee", "false "),
};
const right: Readonly<Record<FieldForm, fc.Arbitrary<string>>> = {
  integer: joined(fc.constantFrom("", "-"), fc.constantFrom("1", "7", "9"), digits(0, 18)),
  date: fc.constantFrom("2025-01-31", "1000-12-01", "9999-12-31"),
  timestamp: joined(
    fc.constantFrom("2025-01-31", "1999-12-01"),
    fc.constantFrom(" ", "T"),
    fc.constantFrom("00:00:00", "23:59:59"),
    fc.oneof(text(""), joined(text("."), digits(1, 6))),
  ),
  boolean: fc.constantFrom("true", "false"),
};
const names: readonly FieldForm[] = ["integer", "date", "timestamp", "boolean"];
const field = (form: FieldForm) =>
  fc.oneof(
    { weight: 40, arbitrary: right[form] },
    { weight: 1, arbitrary: near[form] },
    { weight: 2, arbitrary: fc.constantFrom("", "0") },
    { weight: 1, arbitrary: fc.constantFrom("x", "a,b", "1\n2", 'say "1"', "é", "x".repeat(200)) },
  );

function written(value: string, isQuoted: boolean): string {
  return isQuoted || /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const tables = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }).chain((forms) =>
  fc.record({
    forms: fc.constant(forms),
    rows: fc.array(fc.tuple(...forms.map((form) => fc.tuple(field(form), fc.boolean()))), { maxLength: 12 }),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    hasLastLineEnd: fc.boolean(),
    cuts: fc.array(fc.nat(2000), { maxLength: 5 }),
  }),
);

describe("the forms of fields", () => {
  it("are those that every field has, wherever the text is cut", () => {
    let broken = 0;
    fc.assert(
      fc.property(tables, ({ forms, rows, lineEnd, hasLastLineEnd, cuts }) => {
        const header = forms.map((_, place) => `"${place}\nx"`).join(",");
        const lines = rows.map((row) => row.map(([value, isQuoted]) => written(value, isQuoted)).join(","));
        const content = [header, ...lines].join(lineEnd) + (hasLastLineEnd ? lineEnd : "");
        const expected = forms.flatMap((form, place): [number, FieldForm][] =>
          rows.every(
            (row) => ["", undefined].includes(row[place]?.[0]) || formOf(row[place]?.[0] ?? "") === form,
          )
            ? [[place, form]]
            : [],
        );
        if (expected.length < forms.length) broken += 1;
        expect(held(content, new Map(forms.entries()), cuts)).toEqual(new Map(expected));
      }),
      { numRuns: times(1500, 10_000) },
    );
    expect(broken).toBeGreaterThan(100);
  });

  it.each<[FieldForm, string[], string[]]>([
    [
      "integer",
      ["0", "7", "-7", "10", "9223372036854775807", "-9223372036854775808"],
      [
        "-",
        "-0",
        "00",
        "007",
        "+7",
        "7.",
        "7.0",
        "7e1",
        "0x7",
        " 7",
        "7 ",
        "7_0",
        "12345678901234567890",
        "/",
        ":",
      ],
    ],
    [
      "date",
      ["2025-01-31", "1000-00-00", "9999-19-39"],
      ["0999-01-01", "2025-20-01", "2025-01-40", "2025-1-1", "2025-01-31 ", "12025-01-31", "2025/01/31"],
    ],
    [
      "timestamp",
      ["2025-01-31 23:59:59", "2025-01-31T00:00:00.1", "2025-01-31 00:00:00.123456"],
      [
        ...["2025-01-31", "2025-01-31 00:00", "2025-01-31 00:00:00.", "2025-01-31 00:00:00.1234567"],
        ...["2025-01-31_00:00:00", "2025-01-31 30:00:00", "2025-01-31 00:60:00", "2025-01-31 00:00:60"],
        ...["2025-01-31 00:00:00Z", "2025-01-31 00:00:00+00", "2025-01-31 00:00:00,5", "0025-01-31 00:00:00"],
      ],
    ],
    ["boolean", ["true", "false"], ["True", "tru", "truE", "fals", "falsE", "truefalse", "t", "1"]],
  ])("knows %s at every place of a block, with and without quotes", (form, yes, no) => {
    expect(yes.map(formOf)).toEqual(yes.map(() => form));
    expect(no.map(formOf)).not.toContain(form);
    const asked = new Map([[1, form]]);
    const wrong: string[] = [];
    for (let shift = 0; shift < 70; shift += 1) {
      for (const value of [...yes, ...no]) {
        for (const end of ["", "\n", "\r\n", ",more\n"]) {
          for (const isQuoted of [false, true]) {
            const content = `h,i\n${"x".repeat(shift)},${written(value, isQuoted)}${end}`;
            const found = held(content, asked);
            if (found === "irregular" || found.has(1) !== yes.includes(value)) wrong.push(content);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("outlive a text longer than the memory of the scan, until one field far behind breaks them", () => {
    const asked = new Map<number, FieldForm>([
      [0, "integer"],
      [1, "timestamp"],
    ]);
    const long = `a,b\n${"-123,2025-01-31 00:00:00.5\n".repeat(100_000)}`;
    expect(held(long, asked)).toEqual(asked);
    expect(held(`${long}1.5,2025-01-31\n`, asked)).toEqual(new Map());
    expect(held(`${long}${" ".repeat(300_000)}5,\n`, asked)).toEqual(new Map([[1, "timestamp"]]));
  });

  it("are guessed from the first records", () => {
    const guess = (content: string) =>
      likelyForms(Buffer.from(content), readHeader("x.csv", Buffer.from(content), undefined));
    expect(guess('a,b,c,d,e\n1,"2025-01-31",true,x,\n-2,,false,5,\ncut,cut,c')).toEqual(
      new Map([
        [0, "integer"],
        [1, "date"],
        [2, "boolean"],
      ]),
    );
    expect(guess("a\n")).toEqual(new Map());
    expect(guess("a")).toEqual(new Map());
  });

  it("of several files are those in which they agree", () => {
    const [integer, mixed] = [new Map([[0, "integer"]] as const), new Map([[0, "date"]] as const)];
    expect(commonForms([integer, new Map()])).toEqual(integer);
    expect(commonForms([integer, mixed, integer])).toEqual(new Map());
  });
});
