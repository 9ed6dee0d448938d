import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, validate } from "./validate-case.ts";

const table = "id,age,name,day\n1,30,Ada,2020-01-01\n2,41,Bob,2020-01-02\n3,,Cleo,2020-01-03\n";
const suite = JSON.stringify({
  name: "s",
  expectations: [
    { type: "expect_column_values_to_not_be_null", kwargs: { column: "id" }, meta: {} },
    {
      type: "expect_our_own_thing",
      kwargs: { column: "id" },
      meta: {},
    },
  ],
  meta: {},
});

describe("--init", () => {
  it("writes a contract that the data passes, once", async () => {
    const cwd = folderWith({ "x.csv": table });
    const { code, stdout } = await validate(cwd, ["--data-path", "x.csv", "--init"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Wrote contract.yaml");
    expect(readdirSync(cwd).toSorted()).toEqual(["contract.yaml", "x.csv"]);
    const written = readFileSync(path.join(cwd, "contract.yaml"), "utf8");
    expect((await validate(cwd, ["--data-path", "x.csv", "--contract", "contract.yaml"])).code).toBe(0);
    const again = await validate(cwd, ["--data-path", "x.csv", "--init"]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("contract.yaml exists already");
    expect(readFileSync(path.join(cwd, "contract.yaml"), "utf8")).toBe(written);
  });

  it("prints the contract in a dry run, and writes it where --contract says", async () => {
    const cwd = folderWith({ "x.csv": table });
    const dry = await validate(cwd, ["--data-path", "x.csv", "--init", "--dry-run"]);
    expect(dry.stdout).toContain("name: age");
    expect(readdirSync(cwd)).toEqual(["x.csv"]);
    await validate(cwd, ["--data-path", "x.csv", "--init", "--contract", "rules/people.yaml"]);
    expect(`${readFileSync(path.join(cwd, "rules", "people.yaml"), "utf8").trimEnd()}`).toContain(
      dry.stdout.trimEnd(),
    );
  });

  it("writes none for data that cannot be read: exit 4", async () => {
    const cwd = folderWith({ "x.csv": "a,b\n1\n" });
    expect((await validate(cwd, ["--data-path", "x.csv", "--init"])).code).toBe(4);
    expect(readdirSync(cwd)).toEqual(["x.csv"]);
  });
});

describe("--import and --export", () => {
  it("bring a suite here and say what was left behind", async () => {
    const cwd = folderWith({ "suite.json": suite, "x.csv": table });
    const { code, stdout } = await validate(cwd, ["--import", "suite.json"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Not carried over");
    expect(stdout).toContain("expect_our_own_thing");
    expect(
      (await validate(cwd, ["--data-path", "x.csv", "--contract", "contract.yaml", "--max-null-ratio", "1"]))
        .code,
    ).toBe(0);
    expect((await validate(cwd, ["--import", "suite.json"])).code).toBe(2);
  });

  it.each(["gx", "odcs", "pandera"])(
    "give the contract as %s on stdout, notes on stderr, and can be taken back",
    async (format) => {
      const rules = "columns:\n  - {name: age, type: integer, min: 0}\nchecks: [{script: ./own.sh}]\n";
      const cwd = folderWith({ "c.yaml": rules });
      const { code, stdout, stderr } = await validate(cwd, ["--contract", "c.yaml", "--export", format]);
      expect(code).toBe(0);
      expect(stdout).toContain("age");
      expect(stderr).toContain("Not carried over, or weaker there:");
      expect(readdirSync(cwd)).toEqual(["c.yaml"]);
      const json = await validate(cwd, ["--contract", "c.yaml", "--export", format, "--json"]);
      expect(JSON.parse(json.stdout)).toMatchObject({ format, notes: [expect.anything()] });
    },
  );

  it.each([
    [["--import", "none.json"], "none.json cannot be read"],
    [["--import", "x.csv"], "x.csv"],
    [["--export", "gx"], "no rules to export"],
    [["--export", "xml"], "--export"],
    [["--import-table", "t", "--data-path", "x.csv"], "--import-table names the table of --import"],
    [["--import", "suite.json", "--import-table", "people"], "people"],
  ])("refuse %j: exit 2", async (args, words) => {
    const cwd = folderWith({ "x.csv": table, "suite.json": suite });
    const { code, stderr } = await validate(cwd, args);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
    expect(existsSync(path.join(cwd, "contract.yaml"))).toBe(false);
  });
});

describe("--explain and --dry-run", () => {
  it("print rules and SQL, and run no script", async () => {
    const cwd = folderWith({
      "x.csv": table,
      "c.yaml":
        "columns: [{name: age, max: 9}]\nchecks: [{script: touch here.txt}, {sql: FROM data WHERE age > 40}]\n",
    });
    const given = ["--data-path", "x.csv", "--contract", "c.yaml"];
    const { code, stdout } = await validate(cwd, [...given, "--explain"]);
    expect(code).toBe(0);
    expect(stdout).toContain("SELECT");
    expect(stdout).toContain("FROM data WHERE age > 40");
    expect(stdout).toContain("max(age)");
    const json = await validate(cwd, [...given, "--dry-run", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      dryRun: true,
      queries: expect.arrayContaining([expect.stringContaining("SELECT")]),
    });
    expect(readdirSync(cwd).toSorted()).toEqual(["c.yaml", "x.csv"]);
  });

  it("find a missing file and a broken contract as a run would", async () => {
    const cwd = folderWith({ "c.yaml": "columns: [{nam: a}]\n" });
    expect((await validate(cwd, ["--data-path", "x.csv", "--explain"])).code).toBe(4);
    expect((await validate(cwd, ["--data-path", "x.csv", "--contract", "c.yaml", "--dry-run"])).code).toBe(2);
  });
});

describe("tasks that exclude each other", () => {
  it.each([
    ["--init", "--explain"],
    ["--init", "--import", "suite.json"],
    ["--export", "gx", "--explain"],
    ["--import", "suite.json", "--export", "gx"],
  ])("are refused: %s %s %s", async (...args) => {
    const { code, stderr } = await validate(folderWith({ "x.csv": table, "suite.json": suite }), [
      "--data-path",
      "x.csv",
      ...args.filter((one) => one !== undefined),
    ]);
    expect(stderr).toContain("are different tasks");
    expect(code).toBe(2);
  });
});
