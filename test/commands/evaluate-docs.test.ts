import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { commonFlags, flagName } from "../../src/command.ts";
import { evaluateFlags } from "../../src/commands/evaluate/flags.ts";
import { pythonFlags, trackingFlags } from "../../src/commands/shared-flags.ts";

const root = path.resolve(import.meta.dirname, "..", "..");
const documents = ["evaluation", "evaluation-tasks", "evaluation-reports", "scoring"].map((name) =>
  readFileSync(path.join(root, "docs", `${name}.md`), "utf8"),
);
const namesOf = (table: object) => Object.keys(table).map((name) => `--${flagName(name)}`);

describe("the documents about mlops evaluate", () => {
  it("name every flag that only it has, and none that is not there", () => {
    const named = new Set(documents.flatMap((text) => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []));
    const elsewhere = [
      ...namesOf(trackingFlags),
      ...namesOf(pythonFlags),
      "--output-path",
      "--predictions-path",
    ];
    const missing = namesOf(evaluateFlags).filter((flag) => !named.has(flag) && !elsewhere.includes(flag));
    expect(missing).toEqual([]);
    const known = [...namesOf(evaluateFlags), ...namesOf(commonFlags)];
    expect([...named].filter((flag) => !known.includes(flag))).toEqual([]);
  });
});
