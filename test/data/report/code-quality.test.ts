import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type CodeQualityOptions, codeQualityJson } from "../../../src/data/report/code-quality.ts";
import type { ValidationReport } from "../../../src/results/validation-report.ts";
import { check, dataset, failing, hostile, report } from "./report-case.ts";

/** docs.gitlab.com/ci/testing/code_quality: what a finding must have. */
const findings = z.array(
  z.strictObject({
    description: z.string().min(1),
    check_name: z.string().min(1),
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
    severity: z.enum(["info", "minor", "major", "critical", "blocker"]),
    location: z.strictObject({
      path: z.string().regex(/^(?!\.?\/)/),
      lines: z.strictObject({ begin: z.number().int().positive() }),
    }),
  }),
);

const options: CodeQualityOptions = {
  projectFolder: "/builds/team/model",
  cwd: "/builds/team/model/jobs",
  placeOf: () => ({ file: "../contract.yaml", line: 7 }),
};

function read(judged: ValidationReport, given: Partial<CodeQualityOptions> = {}) {
  return findings.parse(JSON.parse(codeQualityJson(judged, { ...options, ...given })));
}

describe("the code quality report", () => {
  it("has one finding for each rule that did not hold, at its line in the contract", () => {
    const found = read(
      report([
        failing(),
        failing({ name: "w", verdict: "warn", severity: "warn" }),
        failing({ name: "i", verdict: "warn", severity: "info" }),
        check({ name: "e", verdict: "error", reason: "broken" }),
        check({ name: "s", verdict: "skipped", reason: "no column" }),
        check({ name: "p" }),
      ]),
    );
    expect(found.map((one) => [one.check_name, one.severity])).toEqual([
      ["min(age)", "critical"],
      ["w", "minor"],
      ["i", "info"],
      ["e", "blocker"],
    ]);
    expect(found[0]).toMatchObject({
      description: "min(age): observed -3, expected >= 0; 12 of 1,000 rows (1.2%) fail, e.g. -***(2)",
      location: { path: "contract.yaml", lines: { begin: 7 } },
    });
  });

  it("keeps a rule's fingerprint when other values are observed and its line moves", () => {
    const before = read(report([check({ name: "other", verdict: "warn" }), failing()]));
    const after = read(report([failing({ observed: -9, failingRows: 99, limit: 1 })]), {
      placeOf: () => ({ file: "../contract.yaml", line: 70 }),
    });
    expect(after[0]?.fingerprint).toBe(before[1]?.fingerprint);
  });

  it("gives no two findings one fingerprint: equal rules, other suites, other tables", () => {
    const rules = report([failing(), failing(), failing({ suite: "orders" }), failing({ column: "x" })]);
    const all = [...read(rules), ...read(rules, { table: "other" })].map((one) => one.fingerprint);
    expect(new Set(all).size).toBe(8);
  });

  it.each([
    ["data/train.csv", "jobs/data/train.csv"],
    ["./train.csv", "jobs/train.csv"],
    ["/builds/team/model/data/train.csv", "data/train.csv"],
    ["/mnt/share/train.csv", "train.csv"],
    ["s3://bucket/train.csv", "s3://bucket/train.csv"],
  ])("points to the data %s where nobody wrote the rule: %s", (uri, expected) => {
    const files = [{ uri, sizeBytes: 1, sha256: null, etag: null, rows: null }];
    const found = read(report([failing()], { dataset: dataset({ uri, files }) }), {
      placeOf: () => undefined,
    });
    expect(found[0]?.location).toEqual({ path: expected, lines: { begin: 1 } });
  });

  it("shows data that could not be read, and is empty where all is well", () => {
    const error = { code: "DATA_FILE_MISSING", message: "x.csv is missing.", hint: null };
    const unread = dataset({ uri: "x.csv", files: [], rows: null });
    const found = read(report([], { verdict: "error", error, dataset: unread }));
    expect(found).toMatchObject([
      { check_name: "DATA_FILE_MISSING", severity: "blocker", location: { path: "jobs/x.csv" } },
    ]);
    expect(read(report([check()]))).toEqual([]);
  });

  it("is UTF-8 without controls whatever the names are", () => {
    const text = codeQualityJson(report(hostile.map((name) => failing({ name, observed: name }))), options);
    expect(text.isWellFormed()).toBe(true);
    expect(findings.parse(JSON.parse(text))).toHaveLength(hostile.length);
    expect(text).not.toMatch(/\\u00|\\n/);
  });
});
