import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { folderWith, reportIn, validate } from "./validate-case.ts";

describe("how the data is read", () => {
  it("is said by --encoding and --delimiter", async () => {
    const cwd = folderWith({ "c.yaml": "columns: [{name: größe, values: [hoch; tief]}]\n" });
    writeFileSync(path.join(cwd, "x.csv"), Buffer.from("größe|b\nhoch; tief|1\n", "latin1"));
    const given = ["--data-path", "x.csv", "--contract", "c.yaml"];
    expect((await validate(cwd, given)).code).toBe(4);
    expect((await validate(cwd, [...given, "--encoding", "latin-1", "--delimiter", "|"])).code).toBe(0);
    expect(reportIn(cwd).dataset.csv).toEqual({ delimiter: "|", compression: "none", encoding: "latin-1" });
    expect((await validate(cwd, given, { MLOPS_ENCODING: "windows-1252" })).code).toBe(0);
  });

  it.each([
    [["--encoding", "klingon"], "klingon"],
    [["--threads", "0"], "--threads is 0"],
    [["--threads", "two"], "--threads"],
    [["--threads", "-1"], "--threads"],
    [["--memory-limit", "lots"], "--memory-limit"],
    [["--memory-limit", "0GB"], "--memory-limit"],
    [["--memory-limit", "400"], "expected a size such as 400MB"],
    [["--max-rows", "1.5"], "--max-rows"],
  ])("is refused with %j: exit 2", async (args, words) => {
    const { code, stderr } = await validate(folderWith({ "x.csv": "a\n1\n" }), [
      "--data-path",
      "x.csv",
      ...args,
    ]);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });

  it("gives the same figures with one thread and with little memory", async () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `${index},${"x".repeat(40)}${index % 29_999}`);
    const cwd = folderWith({
      "x.csv": `id,t\n${rows.join("\n")}\n`,
      "c.yaml": "columns: [{name: id, unique: true}, {name: t, unique: true}]\n",
    });
    const given = ["--data-path", "x.csv", "--contract", "c.yaml"];
    const figures = [];
    for (const more of [[], ["--threads", "1"], ["--memory-limit", "80MB"]]) {
      expect((await validate(cwd, [...given, ...more])).code).toBe(3);
      figures.push(reportIn(cwd).checks.map((one) => [one.name, one.verdict, one.failingRows]));
    }
    expect(figures[1]).toEqual(figures[0]);
    expect(figures[2]).toEqual(figures[0]);
  });

  it("needs memory, and says so where there is too little: exit 4 and a report", async () => {
    const cwd = folderWith({ "x.csv": `a\n${"1\n".repeat(5000)}` });
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv", "--memory-limit", "1KB"]);
    expect(stderr).toContain("memory");
    expect(code).toBe(4);
    expect(reportIn(cwd)).toMatchObject({ verdict: "error", error: { code: "DATA_TOO_BIG" } });
  });

  it("keeps --min-rows and --max-rows over the contract's own", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n2\n", "c.yaml": "rows: {min: 5, max: 9}\n" });
    const given = ["--data-path", "x.csv", "--contract", "c.yaml"];
    expect((await validate(cwd, given)).code).toBe(3);
    expect((await validate(cwd, [...given, "--min-rows", "2"])).code).toBe(0);
    expect((await validate(cwd, [...given, "--min-rows", "1", "--max-rows", "1"])).code).toBe(3);
  });

  it("says of a stream that is cut off in the middle of a row that it is cut off", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => `${index},${Math.sin(index)},${index * 7919}\n`);
    const packed = gzipSync(`a,b,c\n${rows.join("")}`);
    const cwd = folderWith({});
    writeFileSync(path.join(cwd, "x.csv.gz"), packed.subarray(0, packed.length / 2));
    const { code, stderr } = await validate(cwd, ["--data-path", "x.csv.gz"]);
    expect(stderr).toContain("x.csv.gz is not a complete gzip stream");
    expect(code).toBe(4);
  });
});
