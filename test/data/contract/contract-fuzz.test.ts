import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { schemaProblems } from "../../../src/config/check.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { contractChecks } from "../../../src/data/contract/contract-checks.ts";
import { meantTypes } from "../../../src/data/contract/meant-type.ts";
import { otherTables } from "../../../src/data/contract/other-tables.ts";
import { scriptChecks } from "../../../src/data/contract/programs.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import { MlopsError } from "../../../src/errors.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";

const numRuns = times(1_000, 10_000);
const timeoutMs = times(30_000, 300_000);
const docs = path.resolve(import.meta.dirname, "..", "..", "..", "docs", "contract.md");
const examples = [...readFileSync(docs, "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? "",
);

const columns = (
  ["integer", "double", "decimal", "string", "boolean", "date", "timestamp", "other"] as const
).flatMap((type, index): PlanColumn[] => [
  { name: `c${index}`, type, storage: "typed", origin: "stored", storedType: type, storedAs: "INT[]" },
  {
    name: `amount${index}`,
    type,
    storage: "text",
    origin: "inferred",
    storedType: undefined,
    storedAs: "VARCHAR",
  },
]);

/** Reads a contract as the command does: its checks, or the problems that it reports. Everything else is a bug and thrown. */
function outcomeOf(text: string): "checks" | "problems" {
  try {
    const file = parseConfig(text, "contract.yaml", ".");
    const parsed = contractFileSchema.safeParse(file.values);
    if (!parsed.success) {
      const issues = { issues: parsed.error.issues, prefix: [] };
      const problems = schemaProblems(file, contractFileSchema, issues);
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem).toMatch(/^contract\.yaml:\d+: /);
      return "problems";
    }
    const contract = parsed.data;
    const limits = { maxNullRatio: 0.05, minRows: undefined, maxRows: undefined, previousRows: 3 };
    const checks = contractChecks({ contract, columns, ...limits, now: new Date(0) });
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(check.name).not.toBe("");
    meantTypes(
      contract,
      columns.map((column) => column.name),
    );
    otherTables(contract);
    scriptChecks(contract);
    return "checks";
  } catch (error) {
    if (error instanceof MlopsError && error.kind === "usage") return "problems";
    throw error;
  }
}

/** Words of contracts, and what does not belong there. */
const pieces = [
  ...[
    "columns:",
    "- name: c1",
    "  min: ",
    "1e999",
    ".nan",
    "-.inf",
    "null",
    "~",
    "[]",
    "{}",
    "{value: ",
    "}",
    "5%",
    "<<: *a",
    "&a ",
  ],
  ...[
    '"',
    "'",
    "\t",
    "\n  ",
    "\u0000",
    "\uFFFE",
    "😀",
    "__proto__: 1",
    "constructor: {}",
    "toString",
    "? ",
    "!!binary x",
    "9007199254740993",
  ],
  ...[
    "match: '*'",
    "pattern: '(?'",
    "0.5:",
    "quantiles: {",
    "when: ''",
    "- assert: a",
    "- in: {",
    "999999999999d",
    "[[",
    "]]",
    "defaults:",
  ],
];

describe("contracts of any kind", () => {
  it(
    "that were damaged end in checks or in problems with their line",
    () => {
      const damage = fc.array(
        fc.record({ at: fc.nat(1200), cut: fc.nat(12), piece: fc.constantFrom("", ...pieces) }),
        { minLength: 1, maxLength: 4 },
      );
      const seen = new Set<string>();
      fc.assert(
        fc.property(fc.constantFrom(...examples), damage, (example, edits) => {
          let text = example;
          for (const { at, cut, piece } of edits) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + piece + text.slice(start + cut);
          }
          seen.add(outcomeOf(text));
        }),
        { numRuns },
      );
      expect([...seen].sort()).toEqual(["checks", "problems"]);
    },
    timeoutMs,
  );

  it(
    "that hold known keys with any values end in checks or in problems",
    () => {
      const keys = Object.keys(contractFileSchema.shape.columns.unwrap().element.shape);
      const value = fc.oneof(
        fc.constantFrom(
          0,
          1,
          -1,
          0.5,
          1e308,
          "2026-01-01",
          "a",
          "",
          "never",
          "1%",
          true,
          false,
          null,
          "integer",
        ),
        fc.array(fc.constantFrom(1, "a", true, null), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom("value", "min", "max", "allow", "when", "name", "0.5", "severity"),
          fc.constantFrom(0, 1, 2, "a", "1%", "warn"),
        ),
      );
      const card = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 5 });
      fc.assert(
        fc.property(fc.array(card, { maxLength: 3 }), card, (cards, defaults) => {
          outcomeOf(
            JSON.stringify({ columns: cards.map((one, index) => ({ name: `c${index}`, ...one })), defaults }),
          );
        }),
        { numRuns },
      );
    },
    timeoutMs,
  );
});
