import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { times } from "../support/full.ts";
import { PythonLines } from "./python-lines.ts";
import { type CaseFile, FuzzRunner, type Outcome } from "./runner.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-edges-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);
/** A wide table takes its time. */
const wideRunner = new FuzzRunner(folder, 240_000);
const python = new PythonLines("write_parquet.py");

async function validated(
  files: readonly CaseFile[],
  contract: unknown,
  more: readonly string[] = [],
): Promise<Outcome> {
  const data = files.flatMap(({ name }) => ["--data-path", name]);
  const written = { name: "contract.yaml", bytes: JSON.stringify(contract) };
  return await runner.run([...files, written], [...data, ...more]);
}

const csv = (bytes: string | Uint8Array): CaseFile[] => [{ name: "x.csv", bytes }];
const x = (rules: object) => ({ columns: [{ name: "x", ...rules }] });
const lenient = x({ nulls: { max_ratio: 1 } });

describe("CSV at its edges", () => {
  it.each([
    ["an empty file", "", {}, 4],
    ["a header alone", "x\n", {}, 3],
    ["a header alone where that is allowed", "x\n", { rows: { min: 0 } }, 0],
    ["a blank first line", "\nx\n1\n", {}, 4],
    ["a NUL byte", "x\n1\0\n", {}, 4],
    ["one row", "x\n1\n", x({ unique: true, min: 1, max: 1 }), 0],
    ["one row without a line end", "x\n1", x({ min: 1 }), 0],
    ["nulls alone", "x,y\n,1\n,2\n", x({ nulls: "never" }), 3],
    [
      "nulls alone where they are allowed",
      "x,y\n,1\n,2\n",
      x({ nulls: { max_ratio: 1 }, type: "integer", unique: true }),
      0,
    ],
    ["NaN, which is missing", "x,y\nNaN,1\n", x({ type: "double", nulls: "never" }), 3],
    ["infinity", "x,y\ninf,1\n1,1\n", x({ type: "double" }), 3],
    [
      "infinity where it is allowed",
      "x,y\ninf,1\n1,1\n",
      x({ type: "double", infinite: "allow", max: 1 }),
      3,
    ],
    ["two columns of one name", "x,x\n1,2\n", {}, 4],
    [
      "names that differ in case alone",
      "x,X\n1,2\n",
      {
        columns: [
          { name: "X", min: 2, max: 2 },
          { name: "x", max: 1 },
        ],
      },
      0,
    ],
    ["bytes that are not UTF-8", Buffer.from([0x78, 0x0a, 0xff, 0x0a]), lenient, 4],
    ["a byte order mark", "\ufeffx\n1\n", x({ min: 1 }), 0],
    ["UTF-16", Buffer.from("\ufeffx\n1\n", "utf16le"), x({ min: 1, max: 1 }), 0],
    ["CR LF", "x,y\r\n1,2\r\n", x({ min: 1, max: 1 }), 0],
    ["a quoted line end", 'x,y\n"a\nb",1\n', x({ values: ["a\nb"] }), 0],
    ["a quote that never closes", 'x,y\n"a,1\n2,3\n', lenient, 4],
    ["a row that is too short", "x,y\n1,2\n3\n", lenient, 4],
    ["a row that is too long", "x,y\n1,2\n3,4,5\n", lenient, 4],
    ["empty fields behind the last column, which hold nothing", "x,y\n1,2,,\n", lenient, 0],
    [
      "2^53 + 1 beside 2^53",
      "x\n9007199254740992\n9007199254740993\n",
      x({ type: "integer", unique: true }),
      0,
    ],
    ["2^53 + 1 over a bound of 2^53", "x\n9007199254740993\n", x({ type: "integer", max: 2 ** 53 }), 3],
    [
      "integers beyond 64 bits",
      "x\n170141183460469231731687303715884105727\n",
      x({ type: "integer", min: 1e38 }),
      0,
    ],
    ["a fraction among integers", "x\n1\n1.5\n", x({ type: "integer" }), 3],
    ["a clock among dates", "x\n2026-01-31\n2026-01-31 10:00:00\n", x({ type: "date" }), 3],
    [
      "one instant in two zones",
      "x\n2026-01-31 10:00:00+00:00\n2026-01-31 12:00:00+02:00\n",
      x({ type: "timestamp", unique: true }),
      3,
    ],
    ["a day that does not exist", "x\n2026-02-30\n", x({ type: "date" }), 3],
  ] as const)("judges %s", async (_title, bytes, contract, exitCode) => {
    const outcome = await validated(csv(bytes), contract);
    expect(outcome.exitCode, outcome.stderr).toBe(exitCode);
  });

  it("refuses line ends of two kinds, or reads every row", async () => {
    const outcome = await validated(csv("x,y\n1,2\r\n3,4\n5,6\r\n"), lenient);
    if (outcome.exitCode !== 4) expect(outcome.report?.dataset.rows).toBe(3);
  });

  it("refuses files of one table whose columns differ, and names both", async () => {
    const outcome = await validated([...csv("x,y\n1,2\n"), { name: "z.csv", bytes: "x,z\n1,2\n" }], {});
    expect(outcome.exitCode).toBe(4);
    expect(outcome.stderr).toMatch(/x\.csv/);
    expect(outcome.stderr).toMatch(/z\.csv/);
  });

  it("judges thousands of columns", async () => {
    const width = times(1500, 10_000);
    const names = Array.from({ length: width }, (_, index) => `c${index}`);
    const table = `${names.join(",")}\n${names.map((_, index) => index).join(",")}\n`;
    const card = { name: `c${width - 1}`, min: width - 1, max: width - 1 };
    const outcome = await wideRunner.run(
      [...csv(table), { name: "contract.yaml", bytes: JSON.stringify({ columns: [card] }) }],
      ["--data-path", "x.csv"],
    );
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    expect(outcome.report?.dataset.columns).toHaveLength(width);
  }, 300_000);
});

describe("Parquet at its edges", () => {
  const integers = (...values: readonly (string | null)[]) => ({ name: "x", type: "integer", values });
  it.each([
    ["no rows", [integers()], {}, 3],
    ["no rows where that is allowed", [integers()], { rows: { min: 0 } }, 0],
    ["one row", [integers("1")], x({ unique: true, min: 1, max: 1 }), 0],
    ["nulls alone", [integers(null, null)], x({ nulls: { max_ratio: 1 }, min: 5, unique: true }), 0],
    [
      "the ends of 64 bits",
      [integers("9223372036854775807", "-9223372036854775808")],
      x({ unique: true, min: -1e19, max: 1e19 }),
      0,
    ],
    [
      "2^53 + 1 beside 2^53",
      [integers("9007199254740992", "9007199254740993")],
      x({ unique: true, max: 2 ** 53 }),
      3,
    ],
    [
      "NaN, which is missing",
      [{ name: "x", type: "double", values: ["1", "NaN"] }],
      x({ nulls: { max_ratio: 0.4 } }),
      3,
    ],
    [
      "NaN under a bound",
      [{ name: "x", type: "double", values: ["1", "NaN"] }],
      x({ nulls: { max_ratio: 0.5 }, min: 1, max: 1 }),
      0,
    ],
    ["infinity", [{ name: "x", type: "double", values: ["1", "inf"] }], x({}), 3],
    [
      "decimals of 38 digits",
      [
        {
          name: "x",
          type: "decimal",
          values: ["1234567890123456789012345678901234.5678", "1234567890123456789012345678901234.5679"],
        },
      ],
      x({ type: "decimal", unique: true }),
      0,
    ],
    ["two columns of one name", [integers("1"), integers("2")], {}, 4],
    [
      "a column without a name",
      [{ name: "", type: "integer", values: ["1"] }],
      { checks: [{ assert: "1 = 1" }] },
      0,
    ],
  ] as const)("judges %s", async (_title, columns, contract, exitCode) => {
    await python.ask(JSON.stringify({ path: path.join(folder, "x.parquet"), columns }));
    const written = { name: "contract.yaml", bytes: JSON.stringify(contract) };
    const outcome = await runner.run([written], ["--data-path", "x.parquet"]);
    expect(outcome.exitCode, outcome.stderr).toBe(exitCode);
  });
});
