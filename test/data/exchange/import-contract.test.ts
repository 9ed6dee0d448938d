import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { MlopsError } from "../../../src/errors.ts";
import { imported, importedFile } from "./imported.ts";

function refusal(content: string | object): MlopsError {
  try {
    imported(content);
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
  throw new Error("it was imported");
}

describe("the format of a file", () => {
  it("is refused where it is none that is known, with what was found instead", () => {
    const { kind, code, message, hint } = refusal({ tables: 1, rules: 2 });
    expect({ kind, code }).toEqual({ kind: "usage", code: "IMPORT_UNKNOWN" });
    expect(message).toContain("its first keys are tables, rules.");
    expect(hint).toContain("pandera schema");
  });

  it("is refused where it holds itself", () => {
    for (const property of ["{name: x, properties: *all}", "&x {name: x, logicalType: array, items: *x}"]) {
      const text = `kind: DataContract\napiVersion: v3.1.0\nschema:\n  - {name: t, properties: &all [${property}]}\n`;
      expect(refusal(text)).toMatchObject({
        code: "IMPORT_UNREADABLE",
        message: "rules.yaml: an alias stands inside of what it stands for.",
      });
    }
  });

  it("is refused where it could be two", () => {
    const { code, message } = refusal({ expectations: [], kind: "DataContract" });
    expect(code).toBe("IMPORT_AMBIGUOUS");
    expect(message).toContain("a Great Expectations suite or an ODCS data contract");
  });

  it.each([
    [{ columns: [{ name: "x" }] }, "it is a contract of mlops already"],
    [{ dataContractSpecification: "1.1.0" }, "export it as ODCS"],
    [[], "is no mapping, but a list"],
    ["", "is no mapping, but null"],
    ["name,iban\nAda,DE89\n", "is no mapping, but a text of 18 characters."],
  ])("is told of %j", (content, message) => {
    expect(refusal(content).message).toContain(message);
  });

  it("is not looked for in text that is no YAML, whose line is named", () => {
    expect(refusal("columns:\n  a: [1\n").message).toMatch(/^rules\.yaml:\d+: /);
  });
});

describe("the text of an imported contract", () => {
  const found = importedFile("gx-1.24.json");

  it("is the contract, and says where it came from", () => {
    expect(parse(found.yaml)).toEqual(found.contract);
    expect(found.yaml).toMatch(
      /^# Rules of rules\.yaml, a Great Expectations suite, as a contract of mlops\.\n# Every rule was carried over\.\n/,
    );
  });

  it("lists what was not carried over, each in a line of comment", () => {
    const { yaml } = imported({ expectations: [{ type: "expect_unknown", kwargs: {} }] });
    expect(yaml).toContain("\n#   expectations[0]: the expectation expect_unknown is not known\n");
  });

  it("keeps a check whose name another has, without the name", () => {
    const rule = { type: "sql", query: "SELECT 1", mustBe: 1, name: "twice" };
    const { contract, notes } = imported({
      kind: "DataContract",
      schema: [{ name: "t", quality: [rule, rule] }],
    });
    expect(contract["checks"]).toHaveLength(2);
    expect(notes).toEqual([{ path: "checks[1].name", reason: expect.stringContaining("another check") }]);
  });

  it("leaves out, and lists, a rule that cannot be meant, and keeps the others", () => {
    const property = {
      name: "x",
      logicalType: "integer",
      unique: true,
      logicalTypeOptions: { minimum: 9, maximum: 1 },
    };
    const { contract, notes } = imported({
      kind: "DataContract",
      schema: [{ name: "t", properties: [property] }],
    });
    expect(notes).toEqual([
      { path: "columns[0].min", reason: expect.stringContaining("9 is more than max 1") },
    ]);
    expect(contract["columns"]).toEqual([
      { name: "x", type: "integer", unique: true, max: 1, nulls: "allow" },
    ]);
  });

  it("leaves out, and lists, a rule that lacks a part", () => {
    const slaProperties = [{ property: "latency", value: 1, unit: "d", element: "t." }];
    const { contract, notes } = imported({ kind: "DataContract", schema: [{ name: "t" }], slaProperties });
    expect(contract).not.toHaveProperty("freshness");
    expect(notes.map(({ path }) => path)).toEqual(["freshness.column", "freshness"]);
  });
});
