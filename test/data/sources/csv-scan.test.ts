import { describe, expect, it } from "vitest";
import { countRecords } from "../../../src/data/sources/csv-records.ts";
import { CsvScan, type CsvScanResult } from "../../../src/data/sources/csv-scan.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

function scan(text: string | Buffer, cuts: readonly number[] = []): CsvScanResult {
  const bytes = Buffer.from(text);
  const scanner = new CsvScan(",".charCodeAt(0));
  let start = 0;
  for (const end of [
    ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]) {
    scanner.push(bytes.subarray(start, end));
    start = end;
  }
  return scanner.end();
}

/** Fields as programs write them, and now and then something that they do not. */
const regular = fc.constantFrom("x", "1.5", "", '"x"', '"a,b"', '"a\nb"', '"say ""hi"""', '""', "é", "x y");
const odd = fc.constantFrom('5" pipe', ' "x"', '"x" ', '"x"y', "\r", "\0", '"', " ", '"\r\n"');
const lineEnd = fc.constantFrom("\n", "\r\n", "\n\n", "\r\n\r\n");
const tableOf = (field: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(fc.array(field, { minLength: 1, maxLength: 12 }), lineEnd), { maxLength: 12 })
    .map((rows) => rows.map(([fields, end]) => fields.join(",") + end).join(""));
const cuts = fc.array(fc.nat(2000), { maxLength: 5 });

describe("CsvScan", () => {
  it("counts every table of regular fields as the slow count does, wherever it is cut", () => {
    fc.assert(
      fc.property(tableOf(regular), cuts, fc.boolean(), (text, places, isOpen) => {
        const content = isOpen ? text.replace(/\r?\n$/, "") : text;
        const slow = countRecords(44, 10);
        slow.push(Buffer.from(content));
        const { records, blankLines, hasQuotedLineEnds } = slow.end();
        expect(scan(content, places)).toEqual({ isRegular: true, records, blankLines, hasQuotedLineEnds });
      }),
      { numRuns: times(1500, 100_000) },
    );
  });

  it("never counts otherwise than the slow count where fields are odd: it says so instead", () => {
    fc.assert(
      fc.property(tableOf(fc.oneof(regular, odd)), cuts, (text, places) => {
        const found = scan(text, places);
        if (!found.isRegular) return;
        const slow = countRecords(44, 10);
        slow.push(Buffer.from(text));
        const { records, blankLines, hasQuotedLineEnds, unclosedQuoteLine } = slow.end();
        expect(found).toEqual({ isRegular: true, records, blankLines, hasQuotedLineEnds });
        expect(unclosedQuoteLine).toBeUndefined();
        expect(text).not.toContain("\0");
      }),
      { numRuns: times(1500, 100_000) },
    );
  });

  it.each([
    ["a quote inside a field", 'a,b\n5" pipe,2\n'],
    ["a quote that never closes", 'a,b\n"1,2\n'],
    ["text behind a closing quote", 'a,b\n"1"x,2\n'],
    ["a lone carriage return", "a,b\n1\r,2\n"],
    ["a carriage return at the end", "a,b\n1,2\r"],
    ["a NUL byte", "a,b\n1,\0\n"],
  ])("calls a text with %s irregular", (_title, text) => {
    // At every place of a block of 64 bytes.
    for (let shift = 0; shift < 70; shift += 1)
      expect(scan(`${"x".repeat(shift)}${text}`)).toEqual({ isRegular: false });
  });

  it("counts lines across pieces that are larger than its memory", () => {
    const text = "a,b\n".repeat(300_000);
    expect(scan(text)).toMatchObject({ records: 300_000, blankLines: 0 });
  });
});
