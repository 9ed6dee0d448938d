import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import { xmlText } from "../../xml-text.ts";
import { checkFacts, checkMessage } from "./check-facts.ts";
import { clean } from "./figures.ts";
import { tableName } from "./wording.ts";

export interface JunitOptions {
  /**
   * What the rules of the contract are grouped by, shown as the suite; default: the table's name. GitLab tells new failures
   * from old ones by suite and name: a name that holds the day's date makes every failure a new one.
   */
  readonly table?: string | undefined;
}

/** GitLab takes files under 30 MB; what all failures together may say. */
const allBodies = 16_000_000;
const longestBody = 4000;

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  readonly content: string;
}

/**
 * The report as JUnit XML (the form of Jenkins' junit-10.xsd, of which GitLab shows: classname, name, time and the contents of
 * failure, error and skipped). One test case a rule: what fails is a failure, what cannot be judged an error; a warning has
 * passed and says so in system-out. Data that could not be read is one test case that is an error.
 */
export function junitXml(report: ValidationReport, options: JunitOptions = {}): string {
  const cases = testCases(report, clean(options.table ?? tableName(report.dataset)));
  const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
  const suites = [...Map.groupBy(cases, (one) => one.suite)];
  const lines = suites.flatMap(([name, ofSuite], index) => [
    // The scan is one for all suites: its time stands once, or GitLab would add it up.
    `  <testsuite name="${attribute(name)}" ${counts(ofSuite)} skipped="${countOf(ofSuite, "skipped")}" time="${index === 0 ? timeText(seconds) : "0"}" timestamp="${report.startedAt}">`,
    ...(index === 0 ? properties(report) : []),
    ...ofSuite.map(caseLine),
    "  </testsuite>",
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mlops validate" ${counts(cases)} time="${timeText(seconds)}">`,
    ...lines,
    "</testsuites>",
    "",
  ].join("\n");
}

function testCases(report: ValidationReport, table: string): TestCase[] {
  if (report.error !== null) return [unjudgedCase(report.error, table)];
  const broken = report.checks.filter((check) => check.verdict !== "pass").length;
  const room = Math.max(200, Math.min(longestBody, Math.floor(allBodies / Math.max(1, broken))));
  const namesOf = new Map<string, Map<string, number>>();
  return report.checks.map((check) => {
    const suite = check.suite === null ? table : clean(check.suite);
    const taken = namesOf.get(suite) ?? new Map();
    namesOf.set(suite, taken);
    return { suite, name: freeName(clean(check.name, 300), taken), ...outcomeOf(check, room) };
  });
}

/** GitLab shows only the first of two cases with one name. `taken`: how often a name was asked for. */
function freeName(name: string, taken: Map<string, number>): string {
  let number = taken.get(name) ?? 0;
  let free = name;
  while (taken.has(free)) {
    number += 1;
    free = `${name} (${number + 1})`;
  }
  taken.set(name, number);
  taken.set(free, 0);
  return free;
}

function outcomeOf(check: ValidationCheck, room: number): Pick<TestCase, "outcome" | "content"> {
  const message = clean(checkMessage(check), 500);
  // GitLab shows the content and not the message, other readers the message: both say all.
  const body = [message, ...checkFacts(check).map(([label, text]) => `${label}: ${text}`)]
    .join("\n")
    .slice(0, room);
  switch (check.verdict) {
    case "fail":
      return {
        outcome: "failure",
        content: element("failure", { type: `rule.${check.kind}`, message }, body),
      };
    case "error":
    case "inconclusive":
      return { outcome: "error", content: element("error", { type: "rule.not-evaluable", message }, body) };
    case "skipped":
      return { outcome: "skipped", content: element("skipped", {}, message) };
    case "warn":
      return {
        outcome: "passed",
        content: element("system-out", {}, `${check.severity === "info" ? "note" : "warning"}: ${body}`),
      };
    case "pass":
      return { outcome: "passed", content: "" };
  }
}

function unjudgedCase(error: NonNullable<ValidationReport["error"]>, table: string): TestCase {
  const message = clean(error.message, 2000);
  const body = error.hint === null ? message : `${message}\n${clean(error.hint, 2000)}`;
  const content = element("error", { type: `data.${clean(error.code)}`, message }, body);
  return { suite: table, name: "the data can be judged", outcome: "error", content };
}

/** `time` is left at 0: the rules are measured together, none has a time of its own. */
function caseLine({ suite, name, content }: TestCase): string {
  const head = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" time="0"`;
  return content === "" ? `${head}/>` : `${head}>${content}</testcase>`;
}

function properties({ verdict, dataset, tool }: ValidationReport): string[] {
  const facts = {
    verdict,
    uri: dataset.uri,
    rows: dataset.rows,
    sha256: dataset.sha256,
    version: tool.version,
  };
  return [
    "    <properties>",
    ...Object.entries(facts)
      .filter(([, value]) => value !== null)
      .map(
        ([name, value]) =>
          `      <property name="${name}" value="${attribute(clean(String(value), 2000))}"/>`,
      ),
    "    </properties>",
  ];
}

function counts(cases: readonly TestCase[]): string {
  return `tests="${cases.length}" failures="${countOf(cases, "failure")}" errors="${countOf(cases, "error")}"`;
}

function countOf(cases: readonly TestCase[], outcome: TestCase["outcome"]): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

function timeText(seconds: number): string {
  return Math.max(0, seconds).toFixed(3);
}

function element(name: string, attributes: Readonly<Record<string, string>>, text: string): string {
  const parts = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return `<${name}${parts.join("")}>${xmlText(withoutAttachments(text))}</${name}>`;
}

function attribute(text: string): string {
  return xmlText(withoutAttachments(text));
}

/** GitLab links the path in `[[ATTACHMENT|path]]` from a test's page: a value of the data must not choose it. */
function withoutAttachments(text: string): string {
  return text.replaceAll("[[ATTACHMENT|", "[[ATTACHMENT·");
}
