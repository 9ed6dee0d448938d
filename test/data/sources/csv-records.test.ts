import { describe, expect, it } from "vitest";
import { countRecords } from "../../../src/data/sources/csv-records.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

function count(text: string, pieces: readonly number[] = [], lineEnd: 10 | 13 = 10) {
  const counter = countRecords(",".charCodeAt(0), lineEnd);
  const bytes = Buffer.from(text);
  let start = 0;
  for (const end of [
    ...pieces.map((one) => one % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]) {
    counter.push(bytes.subarray(start, end));
    start = Math.max(start, end);
  }
  return counter.end();
}

describe("countRecords", () => {
  it.each([
    ["a,b\n1,2\n", 2],
    ["a,b\n1,2", 2],
    ["a,b\r\n1,2\r\n", 2],
    ["a,b\n\n1,2\n\n\n", 2],
    ['a,b\n"x\ny",2\n', 2],
    ['a,b\n"x""\ny",2\n3,4', 3],
    ['a,b\n5" pipe,2\n3,4\n', 3],
    ['a,b\n1, "x\ny"\n', 2],
    ["", 0],
  ])("counts the records of %j", (text, records) => {
    expect(count(text).records).toBe(records);
  });

  it("counts blank lines apart, of either kind of line end", () => {
    expect(count("a\r\n\r\n1\r\n\n")).toMatchObject({ records: 2, blankLines: 2 });
  });

  it("counts lines that end with a bare carriage return where told so", () => {
    expect(count("a,b\r1,2\r", [], 13).records).toBe(2);
  });

  it("says on which line a quote was opened that never closes", () => {
    expect(count('a,b\n1,2\n3,"x\n5,6\n').unclosedQuoteLine).toBe(3);
    expect(count('a,b\n"1",2\n').unclosedQuoteLine).toBeUndefined();
  });

  it("knows whether a value holds a line end", () => {
    expect(count('a\n"x"\n').hasQuotedLineEnds).toBe(false);
    expect(count('a\n"x\n"\n').hasQuotedLineEnds).toBe(true);
  });

  it("counts the same wherever the text is cut into pieces", () => {
    const letters = fc.constantFrom('"', ",", "\n", "\r\n", " ", "x", '""');
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 30 }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        (parts, cuts) => {
          const text = parts.join("");
          expect(count(text, cuts)).toEqual(count(text));
        },
      ),
      { numRuns: times(2000, 50000) },
    );
  });
});
