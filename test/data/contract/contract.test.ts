import { describe, expect, it } from "vitest";
import { contractSchema } from "../../../src/data/contract/contract.ts";

function problems(contract: unknown): string[] {
  const parsed = contractSchema.safeParse(contract);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

const card = (rules: object) => ({ columns: [{ name: "x", ...rules }] });

describe("the contract", () => {
  it("reads shares as fractions and as percentages", () => {
    const parsed = contractSchema.parse(
      card({ nulls: { max_ratio: "2.5%" }, min: { value: 1, allow: 0.1 } }),
    );
    expect(parsed.columns?.[0]).toMatchObject({ nulls: { max_ratio: 0.025 }, min: { value: 1, allow: 0.1 } });
  });

  it.each([
    ["a plain 5 for a share", card({ nulls: { max_ratio: 5 } })],
    ["a share over 100%", card({ nulls: { max_ratio: "120%" } })],
    ["a share without unit as text", card({ nulls: { max_ratio: "0.5" } })],
    ["min above max", card({ min: 3, max: 2 })],
    [
      "min above max in long form",
      card({ min: { value: 3, severity: "warn" }, max: { value: 2, allow: "1%" } }),
    ],
    ["dates in the wrong order", card({ min: "2024-01-02", max: "2024-01-01" })],
    ["a number against a date", card({ min: 3, max: "2024-01-01" })],
    ["a day that does not exist", card({ min: "2023-02-29" })],
    ["an hour that does not exist", card({ min: "2023-02-28T25:00" })],
    ["a bound on text", card({ type: "string", min: 3 })],
    ["a date for an integer", card({ type: "integer", max: "2024-01-01" })],
    ["NaN for a bound", card({ min: Number.NaN })],
    ["no allowed value", card({ values: [] })],
    ["text among the values of an integer", card({ type: "integer", values: [1, "a"] })],
    ["two cards of one column", { columns: [{ name: "x" }, { name: "x" }] }],
    ["an unknown key", card({ mn: 3 })],
    ["an unknown key in a long form", card({ min: { value: 3, alow: 0.1 } })],
    ["tolerance on the number of rows", { rows: { min: { value: 3, allow: 0.1 } } }],
    ["rows.min above rows.max", { rows: { min: 3, max: { value: 2 } } }],
    ["half a row", { rows: { min: 1.5 } }],
    ["an unknown severity", card({ min: { value: 3, severity: "error" } })],
    ["an unknown type", card({ type: "float" })],
    ["an empty set of unique columns", { unique: [[]] }],
  ])("refuses %s", (_title, contract) => {
    expect(problems(contract)).not.toEqual([]);
  });

  it.each([
    ["nothing", {}],
    ["dates and timestamps", card({ min: "2024-01-01", max: "2024-01-02T10:00:00.5+02:00" })],
    ["numbers as values of a text column", card({ type: "string", values: [1, 2] })],
    [
      "a long form for every rule",
      {
        rows: { min: { value: 1, severity: "warn", name: "some" } },
        unique: [{ columns: ["a", "b"], allow: "1%", severity: "info", name: "key" }],
        ...card({
          required: { value: true, severity: "warn" },
          type: { value: "integer", allow: 0.1 },
          nulls: { max_ratio: 0, severity: "warn", name: "no nulls" },
          infinite: { value: "never", severity: "warn" },
          values: { value: [1, 2], allow: "1%" },
          unique: { value: true, allow: 0.01 },
        }),
      },
    ],
  ])("accepts %s", (_title, contract) => {
    expect(problems(contract)).toEqual([]);
  });
});
