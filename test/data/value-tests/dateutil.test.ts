import { describe, expect, it } from "vitest";
import { isDateutilParseable } from "../../../src/data/value-tests/dateutil.ts";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { runPython } from "../../support/python.ts";

const dates = [
  ...[
    "2003-09-25",
    "2003-9-5",
    "20030925",
    "20030925T104941",
    "030925",
    "2003.09.25",
    "25/09/2003",
    "9/25/03",
  ],
  ...["Sep 25 2003", "25 September 2003", "Sept.25.2003", "25-Sep-2003", "Thu, 25 Sep 2003 10:49:41 -0300"],
  ...["2003-09-25T10:49:41.5-03:00", "2003-09-25 10:49:41Z", "10:36 am", "10h36m28.5s", "12 pm", "Jan of 01"],
  ...[
    "Tuesday",
    "July",
    "2020",
    "31",
    "29 Feb",
    "1st of May 2003",
    "2003-09-25 10:36:28 GMT+3",
    "1996.July.10 AD",
  ],
  ...["Wed, July 10, '96", "20031225 1010", "3:04:05 -0500 (EST)", "13 pm", "2003-", "99-12-31", "10,5 2003"],
];
const none = [
  ...[
    "",
    " ",
    "cat",
    "2020-13-01",
    "2021-02-29",
    "32/32/2020",
    "25:00",
    "10:61",
    "1 2 3 4",
    "am",
    "3:04:05 PST (EST)",
    "nan",
  ],
  ...["2003-09-25T10:49:41+", "Feb 30 2020", "12345678901234567890", "10:00 NAN", "a b", "--", "0/0/0"],
];

/** The pieces that dates are made of, and some that they are not. */
const pieces = [
  ..."- / : . , ' + T Z ( )".split(" "),
  ...[
    "2020",
    "20",
    "5",
    "12",
    "31",
    "29",
    "02",
    "Jan",
    "feb",
    "Sept",
    "mon",
    "am",
    "PM",
    "UTC",
    "EST",
    "h",
    "min",
  ],
  ...[
    "hours",
    "at",
    "of",
    "and",
    "th",
    "st",
    "0300",
    "20200131",
    "101112",
    "10.5",
    "61",
    "0",
    "x",
    "nan",
    "é",
    " ",
  ],
];

describe("dates as python-dateutil reads them", () => {
  it.each(dates)("takes %s", (text) => expect(isDateutilParseable(text)).toBe(true));

  it.each(none)("refuses %j", (text) => expect(isDateutilParseable(text)).toBe(false));

  it("agrees with python-dateutil itself, on these and on random texts", async () => {
    const text = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.constant(" ")), {
      maxLength: 11,
    });
    const random = fc.sample(
      text.map((parts) => parts.join("")),
      { numRuns: 3000, seed: 20_261_122 },
    );
    const texts = [...new Set([...dates, ...none, ...random])];
    const found = await parseable(texts);
    const wrong = texts.filter((one, index) => isDateutilParseable(one) !== found[index]);
    expect(wrong).toEqual([]);
    expect(found.filter(Boolean).length).toBeGreaterThan(200);
  });
});

/** What dateutil says, on a day that has a month of 31 days and a leap year. */
async function parseable(texts: readonly string[]): Promise<readonly boolean[]> {
  const script = `
import datetime, json, sys, warnings
from dateutil.parser import parse
warnings.filterwarnings("ignore")
def reads(text):
    try:
        parse(text, default=datetime.datetime(2000, 1, 1))
        return True
    except (ValueError, OverflowError):
        return False
print(json.dumps([reads(text) for text in json.loads(sys.argv[1])]))`;
  const result = await runPython({ args: ["-c", script, JSON.stringify(texts)], cwd: temporaryFolder() });
  expect(result.stderr).toBe("");
  const found: unknown = JSON.parse(result.stdout);
  if (!Array.isArray(found)) throw new Error(`no list: ${result.stdout}`);
  return found.map(Boolean);
}
