import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { typedValue } from "../../../src/data/engine/column-sql.ts";
import { formOf } from "../../../src/data/sources/csv-forms.ts";
import { openTable } from "../../../src/data/sources/source.ts";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";
import { openReader, written } from "./reading.ts";

const { db } = await openReader();

/** What people and programs write for numbers, and what only looks like one. */
const piece = fc.constantFrom(
  ..."0123456789".split(""),
  ..."+-.eE_xd, ".split(""),
  ..."inf nan Infinity NaN 1e400 1e-400 0x10 007 ٣ 9007199254740993 1.7976931348623157e308 5e-324".split(" "),
);
const numberText = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
const digits = (least: number, most: number) =>
  fc
    .array(fc.constantFrom(..."0123456789"), { minLength: least, maxLength: most })
    .map((all) => all.join(""));
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
/** All texts that have a form, and more often those at the borders. */
const integerText = fc.oneof(
  fc.constantFrom("0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808"),
  joined(fc.constantFrom("", "-"), fc.constantFrom(..."123456789"), digits(0, 18)),
);
const two = (...tens: readonly string[]) => joined(fc.constantFrom(...tens), digits(1, 1));
const dateText = joined(
  fc.constantFrom(..."123456789"),
  digits(3, 3),
  fc.constantFrom("-01-", "-02-", "-09-", "-12-", "-13-", "-00-"),
  fc.oneof(fc.constantFrom("01", "28", "29", "30", "31", "32", "00"), two("0", "1", "2")),
);
const timestampText = joined(
  dateText,
  fc.constantFrom(" ", "T"),
  fc.oneof(
    fc.constantFrom("23:59:59", "24:00:00", "24:00:01", "25:00:00"),
    joined(two("0", "1", "2"), fc.constant(":00:"), two("0", "5")),
  ),
  fc.oneof(fc.constant(""), joined(fc.constant("."), digits(1, 6))),
);

describe("typedSql", () => {
  it("reads DOUBLE as the text is read, or throws", async () => {
    const cwd = temporaryFolder();
    const column = { name: "a", storage: "text", type: "double", origin: "declared" } as const;
    let accepted = 0;
    const runs = times(400, 4_000);
    await fc.assert(
      fc.asyncProperty(numberText, fc.boolean(), async (text, isQuoted) => {
        const field = isQuoted || text.includes(",") ? `"${text}"` : text;
        writeFileSync(path.join(cwd, "x.csv"), `a,b\n${field},1\n`);
        const source = await openTable(["x.csv"], db, { cwd });
        const sql = source.columns[0]?.sql ?? "";
        const cast = typedValue({ ...column, storedType: undefined, storedAs: "VARCHAR" }, sql);
        const [asText] = await db.query(`SELECT ${cast} AS v FROM ${source.sql}`);
        const typed = source.typedSql(new Map([["a", "DOUBLE"]]), "sure");
        const asType = await db.query(`SELECT ${sql} AS v FROM ${typed}`).catch((error: unknown) => {
          expect(source.explain(error)).toMatchObject({ kind: "not-evaluable" });
          return undefined;
        });
        if (asType === undefined) return;
        accepted += 1;
        expect(asType).toEqual([asText]);
      }),
      { numRuns: runs },
    );
    expect(accepted).toBeGreaterThan(runs / 10);
  });

  it.each([
    ["integer", "BIGINT", integerText],
    ["date", "DATE", dateText],
    ["timestamp", "TIMESTAMP", dateText],
    ["timestamp", "TIMESTAMP", timestampText],
    ["boolean", "BOOLEAN", fc.constantFrom("true", "false")],
  ] as const)(
    "reads a text that has the form of %s as %s as the strict way does, or throws",
    async (type, as, texts) => {
      const cwd = temporaryFolder();
      const column = { name: "a", storage: "text", type, origin: "declared" } as const;
      let accepted = 0;
      const runs = times(100, 4_000);
      await fc.assert(
        fc.asyncProperty(texts, fc.boolean(), fc.constantFrom("\n", "\r\n"), async (text, isQuoted, end) => {
          writeFileSync(path.join(cwd, "x.csv"), `b,a${end}1,${isQuoted ? `"${text}"` : text}${end}`);
          const source = await openTable(["x.csv"], db, { cwd });
          expect(source.forms().get("a")).toBe(formOf(text));
          const sql = source.columns[1]?.sql ?? "";
          const comparable = (value: string) =>
            as === "TIMESTAMP" ? `epoch_us(${value})` : `CAST(${value} AS VARCHAR)`;
          const cast = typedValue({ ...column, storedType: undefined, storedAs: "VARCHAR" }, sql);
          const [asText] = await db.query(`SELECT ${comparable(cast)} AS v FROM ${source.sql}`);
          const typed = source.typedSql(new Map([["a", as]]), "sure");
          const reading = db.query(`SELECT ${comparable(sql)} AS v FROM ${typed}`);
          const asType = await reading.catch((error: unknown) => {
            expect(source.explain(error)).toMatchObject({ kind: "not-evaluable" });
            return undefined;
          });
          if (asType === undefined) return;
          accepted += 1;
          expect(asType).toEqual([asText]);
          expect(asText?.["v"]).not.toBeNull();
        }),
        { numRuns: runs },
      );
      expect(accepted).toBeGreaterThan(runs / 10);
    },
  );

  it("reads missing values as missing and leaves other columns text", async () => {
    const { cwd, name } = written("x.csv", 'a,b\n1.5,007\n,""\n"",x\n');
    const source = await openTable([name], db, { cwd });
    const sql = source.typedSql(new Map([["a", "DOUBLE"]]), "sure");
    const list = source.columns.map((column, index) => `${column.sql} AS "${index}"`).join(", ");
    expect(await db.query(`SELECT ${list} FROM ${sql}`)).toEqual([
      { 0: 1.5, 1: "007" },
      { 0: null, 1: null },
      { 0: null, 1: "x" },
    ]);
    expect(source.typedSql(new Map([["no such column", "DOUBLE"]]), "sure")).toBeUndefined();
  });
});
