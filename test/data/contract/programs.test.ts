import { describe, expect, it } from "vitest";
import { splitCommand } from "../../../src/data/contract/command-line.ts";
import { contractSchema } from "../../../src/data/contract/contract.ts";
import { scriptChecks, writtenExpectations } from "../../../src/data/contract/programs.ts";
import { fc } from "../../support/fast-check.ts";

describe("the scripts of a contract", () => {
  it("are commands with a time limit and the variables that they may see", () => {
    const contract = contractSchema.parse({
      defaults: { severity: "warn" },
      checks: [
        { script: "python 'my check.py' --level=\"a b\" c\\ d", timeout: "90s", env: ["TOKEN"] },
        { assert: "a > 1" },
        { script: ["./x", "a b", ""], name: "plausible", severity: "fail", description: "why" },
      ],
    });
    const [first, second] = scriptChecks(contract);
    expect(first).toMatchObject({
      command: ["python", "my check.py", "--level=a b", "c d"],
      timeoutMs: 90_000,
      env: ["TOKEN"],
      head: { name: "script(python my check.py --level=a b c d)", severity: "warn", kind: "script" },
    });
    expect(second).toMatchObject({
      ...{ command: ["./x", "a b", ""], timeoutMs: 300_000, env: [] },
      head: { name: "plausible", severity: "fail", description: "why" },
    });
  });

  it("hand every quoted word over as it is", () => {
    const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitCommand(words.map(quoted).join(" "))).toEqual(words);
      }),
    );
  });
});

it("hands the expectations of a contract over as Great Expectations knows them", () => {
  const contract = contractSchema.parse({
    defaults: { severity: "warn" },
    checks: [
      { expect: "expect_column_max_to_be_between", column: "a", max_value: 3, name: "not too high" },
      { sql: "select 1" },
      { expect: "expect_column_to_exist", column: "b", severity: "info", description: "why" },
    ],
  });
  expect(writtenExpectations(contract)).toEqual([
    {
      type: "expect_column_max_to_be_between",
      kwargs: { column: "a", max_value: 3 },
      ...{ severity: "warn", description: "not too high" },
    },
    { type: "expect_column_to_exist", kwargs: { column: "b" }, severity: "info", description: "why" },
  ]);
});
