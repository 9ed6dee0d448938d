import { describe, expect, it } from "vitest";
import { junitXml } from "../../../src/data/report/junit.ts";
import { check, failing, hostile, report } from "./report-case.ts";
import { allOf, readXml, type XmlElement } from "./xml-tree.ts";

/** What Jenkins' junit-10.xsd allows: attributes (`!` = required) and children of each element. */
const schema: Readonly<Record<string, readonly [attributes: string, children: string]>> = {
  testsuites: ["name time tests failures errors", "testsuite"],
  testsuite: [
    "name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
    "testsuite properties testcase system-out system-err",
  ],
  properties: ["", "property"],
  property: ["name! value!", ""],
  testcase: ["name! time classname group", "skipped error failure system-out system-err"],
  skipped: ["type message", ""],
  error: ["type message", ""],
  failure: ["type message", ""],
  "system-out": ["", ""],
};

function schemaProblems(root: XmlElement): string[] {
  return allOf(root).flatMap(({ tag, attributes, children }) => {
    const rules = schema[tag];
    if (rules === undefined) return [`<${tag}> is unknown`];
    const names = rules[0].split(" ");
    const missing = names.filter((name) => name.endsWith("!") && !(name.slice(0, -1) in attributes));
    const extra = Object.keys(attributes).filter(
      (name) => !names.includes(name) && !names.includes(`${name}!`),
    );
    const wrong = children
      .filter((child) => !rules[1].split(" ").includes(child.tag))
      .map((child) => child.tag);
    return [...missing, ...extra, ...wrong].map((name) => `${tag}: ${name}`);
  });
}

const everyVerdict = [
  failing({ description: "Ages are counted in years.", allow: 0.01 }),
  check({ name: "pattern(zip)", verdict: "error", reason: "the pattern is broken" }),
  check({ name: "max(x)", verdict: "skipped", reason: "there is no column x" }),
  failing({
    name: "max(age)",
    verdict: "warn",
    severity: "warn",
    comparison: "<=",
    limit: 99,
    observed: 120,
  }),
  check({ name: "rows.min" }),
  failing({ name: "expect_a", suite: "orders", kind: "expectation" }),
];

describe("JUnit XML", () => {
  it("has one test case a rule, as the schema wants it", async () => {
    const root = await readXml(junitXml(report(everyVerdict)));
    expect(schemaProblems(root)).toEqual([]);
    expect(root.attributes).toEqual({
      name: "mlops validate",
      tests: "6",
      failures: "2",
      errors: "1",
      time: "12.500",
    });
    const cases = allOf(root, "testcase").map(({ attributes, children }) => [
      attributes["classname"],
      attributes["name"],
      children.map((child) => child.tag).join(),
    ]);
    expect(cases).toEqual([
      ["data/train.csv", "min(age)", "failure"],
      ["data/train.csv", "pattern(zip)", "error"],
      ["data/train.csv", "max(x)", "skipped"],
      ["data/train.csv", "max(age)", "system-out"],
      ["data/train.csv", "rows.min", ""],
      ["orders", "expect_a", "failure"],
    ]);
  });

  it("says in the content, which GitLab shows, all that the message says and more", async () => {
    const root = await readXml(junitXml(report(everyVerdict)));
    const [failure] = allOf(root, "failure");
    expect(failure?.attributes["message"]).toBe(
      "observed -3, expected >= 0, 1% may fail; 12 of 1,000 rows (1.2%) fail",
    );
    expect(failure?.text.split("\n")).toEqual([
      failure?.attributes["message"],
      "column: age",
      "observed: -3",
      "limit: >= 0, 1% may fail",
      "failing: 12 of 1,000 rows (1.2%)",
      "examples: -***(2)",
      "about: Ages are counted in years.",
    ]);
    expect(allOf(root, "error")[0]?.text).toContain("the pattern is broken");
    expect(allOf(root, "skipped")[0]?.text).toBe("there is no column x");
    expect(allOf(root, "system-out")[0]?.text).toMatch(/^warning: observed 120, expected <= 99/);
  });

  it("does not say twice how many rows fail where that is what was observed", async () => {
    const sets = failing({
      kind: "values",
      observed: 12,
      comparison: "in",
      limit: ["a"],
      examples: ["x", "x"],
    });
    const [failure] = allOf(await readXml(junitXml(report([sets]))), "failure");
    expect(failure?.attributes["message"]).toBe("12 of 1,000 rows (1.2%) fail, expected one of a");
    expect(failure?.text).toContain("examples: x");
    expect(failure?.text).not.toContain("x x");
  });

  it("counts the time of the scan once, whatever the number of suites", async () => {
    const suites = allOf(await readXml(junitXml(report(everyVerdict))), "testsuite");
    expect(suites.map((suite) => suite.attributes["time"])).toEqual(["12.500", "0"]);
    expect(suites.map((suite) => suite.attributes["tests"])).toEqual(["5", "1"]);
  });

  it("is XML whatever the names and values are, and lets none of them attach a file", async () => {
    const checks = hostile.map((text) =>
      failing({
        name: text,
        column: text,
        observed: text,
        limit: [text],
        examples: [text],
        suite: text,
        description: text,
      }),
    );
    const xml = junitXml(report(checks), { table: hostile[0] });
    expect(xml).not.toContain("[[ATTACHMENT|");
    const root = await readXml(xml);
    expect(schemaProblems(root)).toEqual([]);
    const names = allOf(root, "testcase").map((one) => one.attributes["name"]);
    expect(names.slice(0, 3)).toEqual(hostile.slice(0, 3));
    expect(names.at(-1)).toBe("名前 👨·👩·👧 é");
  });

  it("gives every case its own name: of two with one name GitLab shows the first only", async () => {
    const names = ["a", "a", "a (2)", "a"].map((name) => failing({ name }));
    const root = await readXml(junitXml(report(names)));
    expect(new Set(allOf(root, "testcase").map((one) => one.attributes["name"])).size).toBe(4);
  });

  it("shows data that could not be read as an error", async () => {
    const error = { code: "DATA_FILE_MISSING", message: "x.csv is missing.", hint: "Check the path." };
    const root = await readXml(junitXml(report([], { verdict: "error", error })));
    expect(root.attributes).toMatchObject({ tests: "1", errors: "1" });
    expect(allOf(root, "error")[0]?.text).toBe("x.csv is missing.\nCheck the path.");
  });

  it("stays under GitLab's 30 MB with 50,000 broken rules", () => {
    const long = "x".repeat(2000);
    const checks = Array.from({ length: 50_000 }, (_, index) =>
      failing({ name: `rule ${index}`, description: long, examples: [long, long, long] }),
    );
    expect(junitXml(report(checks)).length).toBeLessThan(30_000_000);
  });
});
