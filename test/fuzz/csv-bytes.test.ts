import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";
import { damaged, damages } from "./damage.ts";
import { FuzzRunner, type Outcome } from "./runner.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);

/** Long runs of thousands of cases. */
const timeout = 1_800_000;

const plainCell = fc.oneof(
  fc.constantFrom(
    "",
    "1",
    "-7",
    "2.5",
    "NaN",
    "inf",
    "true",
    "2026-01-31",
    "2026-01-31 10:00:00",
    "9007199254740993",
  ),
  fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", "'", "\t", ";", "\u202e", "0"), maxLength: 6 }),
);
const quotedCell = fc
  .string({ unit: fc.constantFrom('"', ",", "\n", "\r\n", "x", "é"), maxLength: 5 })
  .map((text) => `"${text.replaceAll('"', '""')}"`);

/** A table of CSV text with a header of `width` columns. */
function csvText(cell: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }).map((rows) => {
      const header = Array.from({ length: width }, (_, index) => `c${index}`);
      return [header, ...rows].map((row) => `${row.join(",")}\n`).join("");
    }),
  );
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What a text without any quote says, read by splitting; undefined for what is no table: a name twice, rows not all as wide as the header. */
function splitTable(text: string): { rows: number; nulls: number[] } | undefined {
  const lines = text.split("\n").filter((line) => line !== "");
  const [header = [], ...split] = lines.map((line) => line.split(","));
  if (new Set(header).size < header.length) return undefined;
  // DuckDB reads over empty fields behind the last column, however many: no value is lost by it.
  const rows = split.map((row) =>
    row.slice(header.length).every((field) => field === "") ? row.slice(0, header.length) : row,
  );
  if (rows.some((row) => row.length !== header.length)) return undefined;
  const nulls = Array.from(header, (_, column) => rows.filter((row) => row[column] === "").length);
  return { rows: rows.length, nulls };
}

/** Whether splitting is all that reading such a text takes. */
const isSimple = (text: string) =>
  !/["\r\0]/.test(text) && !text.startsWith("\n") && /^c\d+(,c\d+)+\n/.test(text);

function expectFigures(outcome: Outcome, text: string): void {
  const expected = splitTable(text);
  if (expected === undefined) {
    expect(outcome.exitCode, "a row is too long or too short, or a name stands twice").toBe(4);
    return;
  }
  expect(outcome.report?.dataset.rows).toBe(expected.rows);
  const nulls = outcome.report?.checks.filter((one) => one.kind === "nulls");
  for (const one of nulls ?? []) {
    const column = outcome.report?.dataset.columns.findIndex(({ name }) => name === one.column) ?? -1;
    // "NaN" counts as missing in a column of numbers, so there may be more.
    expect(one.failingRows ?? 0).toBeGreaterThanOrEqual(expected.nulls[column] ?? 0);
  }
}

const everyNull =
  "rows: {min: 0}\ncolumns:\n  - {name: c0, nulls: {max_ratio: 1}}\n  - {name: c1, nulls: {max_ratio: 1}}\n";

describe("CSV bytes", () => {
  it(
    "are read as they stand, or refused, where they are damaged and hold no quotes",
    async () => {
      await fc.assert(
        fc.asyncProperty(csvText(plainCell), damages, async (text, list) => {
          const bytes = damaged(Buffer.from(text), list);
          const outcome = await runner.run([{ name: "x.csv", bytes }], ["--data-path", "x.csv"]);
          const now = bytes.toString("utf8");
          if (!isUtf8(bytes)) expect(outcome.exitCode, "not UTF-8").toBe(4);
          else if (isSimple(now)) expectFigures(outcome, now);
        }),
        { numRuns: times(150, 1500) },
      );
    },
    timeout,
  );

  it(
    "end in a verdict or a refusal where quotes and line ends are damaged",
    async () => {
      await fc.assert(
        fc.asyncProperty(csvText(fc.oneof(plainCell, quotedCell)), damages, async (text, list) => {
          const bytes = damaged(Buffer.from(text), list);
          const files = [
            { name: "x.csv", bytes },
            { name: "contract.yaml", bytes: everyNull },
          ];
          const outcome = await runner.run(files, ["--data-path", "x.csv"]);
          if (!isUtf8(bytes)) expect(outcome.exitCode, "not UTF-8").toBe(4);
        }),
        { numRuns: times(120, 1200) },
      );
    },
    timeout,
  );

  it.each([
    ["gzip", "x.csv.gz", gzipSync, gunzipSync],
    ["zstd", "x.csv.zst", zstdCompressSync, zstdDecompressSync],
  ] as const)(
    "are never judged from a damaged %s stream that its own reader refuses",
    async (_kind, name, pack, unpack) => {
      await fc.assert(
        fc.asyncProperty(csvText(plainCell), damages, async (text, list) => {
          const bytes = damaged(pack(text), list);
          const outcome = await runner.run([{ name, bytes }], ["--data-path", name]);
          const now = unpacked(bytes, unpack);
          if (now === undefined || !isUtf8(now)) expect(outcome.exitCode, "not a whole stream").toBe(4);
          else if (outcome.exitCode !== 4 && isSimple(now.toString("utf8")))
            expectFigures(outcome, now.toString("utf8"));
        }),
        { numRuns: times(80, 800) },
      );
    },
    timeout,
  );
});

function unpacked(bytes: Buffer, unpack: (bytes: Buffer) => Buffer): Buffer | undefined {
  try {
    return unpack(bytes);
  } catch {
    return undefined;
  }
}
