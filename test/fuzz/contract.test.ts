import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";
import { damaged, damages } from "./damage.ts";
import { csvOf, hostileText } from "./hostile.ts";
import { FuzzRunner } from "./runner.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);
const timeout = 1_800_000;

const header = ["id", "amount", "country", "at", '"; drop'];
const table = csvOf([
  header,
  ["1", "2.5", "DE", "2026-01-31", "a"],
  ["2", "-1", "FR", "2026-02-01", "b"],
  ["3", "NaN", "", "2026-02-02 10:00:00", "b"],
]);

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 0.05, 5, 1e308, 9_007_199_254_740_992, 1e-300),
);
const anything = fc.oneof(
  number,
  fc.constantFrom(
    true,
    false,
    null,
    "never",
    "5%",
    "2026-01-31",
    "24h",
    "integer",
    [],
    {},
    [1],
    ["DE"],
    [0.5, 2],
  ),
  hostileText,
  fc.array(fc.oneof(number, hostileText), { maxLength: 3 }),
  fc.record({ min: number, max: number }),
  fc.record({
    value: fc.oneof(number, hostileText),
    allow: fc.constantFrom(0, "5%", 5, -1),
    severity: hostileText,
  }),
);
const sql = fc.oneof(
  fc.constantFrom(
    "amount > 0",
    "amount >= id AND country = 'DE'",
    '"""; drop" = \'a\'',
    "1",
    "NULL",
    "1; drop table data",
    "(select count(*) from data) > 0",
    "(select content from read_text('secret.txt')) = ''",
    "(select 1 from read_csv('secret.txt'))",
    "1) FROM data; COPY data TO 'stolen.csv'; --",
    "getenv('HOME') = ''",
    "select * from 'secret.txt'",
    "select * from data where amount < 0",
    "attach 'x.db'",
    "copy data to 'stolen.csv'",
    "with recursive t as (select 1 union all select 1 from t) select * from t limit 1",
  ),
  hostileText,
);
/** Right for its key. */
const fitting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  required: fc.boolean(),
  type: fc.constantFrom("integer", "double", "decimal", "string", "boolean", "date", "timestamp"),
  nulls: fc.constantFrom("never", "allow", { max_ratio: "40%" }, { max_ratio: 0, severity: "warn" }),
  min: fc.oneof(fc.integer(), fc.record({ value: fc.integer(), allow: fc.constantFrom("40%", 0.5) })),
  max: fc.constantFrom(3, 2.5, 9_007_199_254_740_992, 1e308),
  values: fc.array(hostileText, { minLength: 1, maxLength: 4 }),
  not_values: fc.array(fc.oneof(fc.integer(), hostileText), { minLength: 1, maxLength: 4 }),
  pattern: fc.oneof(fc.constantFrom("^a", "(?=a)b", "(a)\\1", "(a+)+$", "\\p{L}", "^\\w+$"), hostileText),
  unique: fc.boolean(),
  length: fc.oneof(fc.nat(5), fc.record({ min: fc.nat(2), max: fc.integer({ min: 2, max: 9 }) })),
  order: fc.constantFrom("increasing", "strictly_decreasing"),
  mean: fc.record({ min: fc.integer() }),
  distinct: fc.record({ max: fc.nat(5) }),
  quantiles: fc.constantFrom({ 0.5: { min: 0 } }, { 0.01: { max: 3 }, 1: { max: 0 } }),
};
const wildKeys = [...Object.keys(fitting), "colour", "greater_than", "stdev"];

/** `isWild`: any value under any key, most of which is refused; else mostly contracts that are judged. */
function rulesOf(isWild: boolean) {
  const keys = isWild ? wildKeys : Object.keys(fitting);
  const ruleValue = (key: string) => (isWild ? anything : (fitting[key] ?? anything));
  return fc
    .uniqueArray(fc.constantFrom(...keys), { maxLength: 3 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, ruleValue(key)]))));
}

function contractOf(isWild: boolean) {
  const card = fc
    .tuple(fc.constantFrom(...header, "missing"), rulesOf(isWild), fc.option(sql, { freq: 2 }))
    .map(([name, more, when]) => ({ name, ...more, ...(when === null ? {} : { when }) }));
  const tableRule = fc.oneof(
    fc.record({ name: hostileText, assert: sql }),
    fc.record({ name: hostileText, sql }),
    fc.record({ in: fc.record({ columns: fc.constant("id"), data: hostileText, key: fc.constant("id") }) }),
  );
  return fc.record(
    {
      rows: isWild ? anything : fc.record({ min: fc.nat(4) }),
      extra_columns: fc.constantFrom("allow", "warn", "fail", ...(isWild ? ["what"] : [])),
      columns: fc.uniqueArray(card, { maxLength: 4, selector: (one) => one.name }),
      unique: isWild ? anything : fc.constantFrom([["id", "country"]], [["country"], ["missing"]]),
      checks: fc.array(tableRule, { maxLength: 2 }),
    },
    { requiredKeys: ["columns"] },
  );
}
const contract = fc.boolean().chain(contractOf);

const secret = "k9-secret-of-another-file";

/** Nothing but what the command was asked to write is there afterwards, and nothing of other files in what it says. */
function expectNothingStolen(text: string): void {
  expect(text).not.toContain(secret);
  const expected = ["contract.yaml", "secret.txt", "validation_report.json", "x.csv"];
  expect(readdirSync(folder).filter((name) => !expected.includes(name))).toEqual([]);
  expect(readFileSync(path.join(folder, "secret.txt"), "utf8")).toBe(secret);
}

describe("contracts", () => {
  it(
    "of every kind end in a verdict or a clear error, and reach no other file",
    async () => {
      writeFileSync(path.join(folder, "secret.txt"), secret);
      await fc.assert(
        fc.asyncProperty(contract, async (value) => {
          const files = [
            { name: "x.csv", bytes: table },
            { name: "contract.yaml", bytes: JSON.stringify(value) },
          ];
          const outcome = await runner.run(files, ["--data-path", "x.csv"]);
          if (outcome.exitCode === 2) expect(outcome.stderr).toContain("contract.yaml");
          expectNothingStolen(`${outcome.stderr}${JSON.stringify(outcome.report)}`);
        }),
        { numRuns: times(250, 2500) },
      );
    },
    timeout,
  );

  it(
    "that are broken YAML are refused with their file, or are still contracts",
    async () => {
      const whole = `version: 1\nrows: {min: 1}\ncolumns:\n  - name: id\n    type: integer\n    min: 0\n    nulls: never\n  - name: country\n    values: [DE, FR]\n    nulls: {max_ratio: 50%}\nunique: [[id]]\n`;
      await fc.assert(
        fc.asyncProperty(damages, async (list) => {
          const bytes = damaged(Buffer.from(whole), list);
          const files = [
            { name: "x.csv", bytes: table },
            { name: "contract.yaml", bytes },
          ];
          const outcome = await runner.run(files, ["--data-path", "x.csv"]);
          if (outcome.exitCode === 2) expect(outcome.stderr).toContain("contract.yaml");
        }),
        { numRuns: times(120, 1200) },
      );
    },
    timeout,
  );
});

describe("hostile names and values", () => {
  it(
    "are judged by their letters and by nothing else",
    async () => {
      const names = fc.uniqueArray(hostileText, {
        minLength: 2,
        maxLength: 4,
        selector: (one) => one.trim(),
      });
      await fc.assert(
        fc.asyncProperty(names, hostileText, hostileText, async (header, good, bad) => {
          fc.pre(header.every((name) => name.trim() !== "") && good.trim() !== "" && bad.trim() !== "");
          const rows = [header.map(() => good), header.map(() => bad)];
          const cards = header.map((name) => ({ name, type: "string", values: [good] }));
          const files = [
            { name: "x.csv", bytes: csvOf([header, ...rows]) },
            { name: "contract.yaml", bytes: JSON.stringify({ extra_columns: "fail", columns: cards }) },
          ];
          const outcome = await runner.run(files, ["--data-path", "x.csv", "--delimiter", ","]);
          const failing = outcome.report?.checks
            .filter((one) => one.kind === "values")
            .map((one) => one.failingRows);
          expect(failing).toEqual(header.map(() => (good === bad ? 0 : 1)));
          expect(outcome.report?.dataset.columns.map((one) => one.name)).toEqual(header);
          expect(outcome.exitCode).toBe(good === bad ? 0 : 3);
        }),
        { numRuns: times(150, 1500) },
      );
    },
    timeout,
  );
});
