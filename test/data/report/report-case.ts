import type { ValidationCheck, ValidationReport } from "../../../src/results/validation-report.ts";

/** A check that passed, but for what `parts` says. */
export function check(parts: Partial<ValidationCheck> = {}): ValidationCheck {
  return {
    name: "min(age)",
    kind: "range",
    column: "age",
    verdict: "pass",
    severity: "fail",
    observed: 1,
    comparison: ">=",
    limit: 0,
    allow: 0,
    failingRows: 0,
    judgedRows: 100,
    examples: [],
    reason: null,
    isDefault: false,
    description: null,
    suite: null,
    elementsOf: null,
    details: null,
    ...parts,
  };
}

/** A check that 12 of 1,000 rows break. */
export function failing(parts: Partial<ValidationCheck> = {}): ValidationCheck {
  return check({
    verdict: "fail",
    observed: -3,
    failingRows: 12,
    judgedRows: 1000,
    examples: ["-***(2)"],
    ...parts,
  });
}

const tool = { name: "mlops", version: "1.2.3" } as const;

/** A report over the checks, with the counts and the verdict that they make. */
export function report(
  checks: readonly ValidationCheck[],
  parts: Partial<ValidationReport> = {},
): ValidationReport {
  const count = (verdict: string) => checks.filter((one) => one.verdict === verdict).length;
  return {
    schemaVersion: 1,
    tool,
    command: "validate",
    verdict: count("fail") > 0 ? "fail" : "pass",
    startedAt: "2026-11-22T05:00:00.000Z",
    finishedAt: "2026-11-22T05:00:12.500Z",
    inputs: [{ role: "contract", uri: "contract.yaml", sha256: "c".repeat(64), sizeBytes: 120 }],
    dataset: dataset(),
    checks: [...checks],
    notes: [],
    failingRowsFile: null,
    summary: {
      pass: count("pass"),
      warn: count("warn"),
      fail: count("fail"),
      error: count("error"),
      skipped: count("skipped"),
    },
    error: null,
    ...parts,
  };
}

export function dataset(parts: Partial<ValidationReport["dataset"]> = {}): ValidationReport["dataset"] {
  return {
    uri: "data/train.csv",
    rows: 1000,
    columns: [{ name: "age", type: "integer", profile: null }],
    sha256: "a".repeat(64),
    format: "csv",
    sizeBytes: 4096,
    files: [{ uri: "data/train.csv", sizeBytes: 4096, sha256: "a".repeat(64), etag: null, rows: 1000 }],
    csv: { delimiter: ",", compression: "none", encoding: "utf-8" },
    ...parts,
  };
}

/** Names and values that break out of every format that is not written with care. */
export const hostile = [
  "<script>alert(1)</script>",
  '"; drop table data; --',
  "]]>&amp;<![CDATA[",
  "line\nend\ttab\u0000\u001b[31mred",
  "lone \ud800 surrogate \udc00",
  "\ufffe\uffff\u202etxt.exe",
  "[[ATTACHMENT|/etc/passwd]]",
  "' onmouseover='x",
  "名前 👨‍👩‍👧 é",
] as const;
