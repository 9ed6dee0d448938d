import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { reportText } from "../../../src/data/report/report-text.ts";
import { displayWidth } from "../../../src/text-width.ts";
import { check, dataset, failing, hostile, report } from "./report-case.ts";

const options = { file: "report.json", isVerbose: false, color: false, width: 120 };

describe("the text report", () => {
  it("has one line a rule, worst first, and the verdict at the end", () => {
    const lines = reportText(
      report([check({ name: "max(age)", comparison: "<=", limit: 99, observed: 80 }), failing()]),
      options,
    ).split("\n");
    expect(lines[0]).toBe(
      `data/train.csv: 1,000 rows, 1 column · CSV, delimiter ",", utf-8 · sha256 aaaaaaaaaaaa…`,
    );
    expect(lines.slice(2, 5)).toEqual([
      "verdict  rule      observed  limit  failing rows",
      "FAIL     min(age)  -3        >= 0   12 of 1,000 (1.2%), e.g. -***(2)",
      "pass     max(age)  80        <= 99",
    ]);
    expect(lines.at(-1)).toBe("FAIL: 2 checks (1 fail, 1 pass). Report: report.json");
  });

  it("keeps every line within the width, and the columns under each other with wide letters", () => {
    const checks = hostile.map((name) =>
      failing({
        name: `values(${name.repeat(5)})`,
        observed: name,
        limit: [name],
        comparison: "in",
        examples: [name],
      }),
    );
    for (const width of [80, 120, 200]) {
      const lines = reportText(report(checks), { ...options, width })
        .split("\n")
        .slice(2, -2);
      const starts = lines.map((line) => displayWidth(line.slice(0, line.search(/one of|limit/))));
      expect(new Set(starts).size).toBe(1);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    }
  });

  it("says in full why a rule was not judged, on lines below where one is too short", () => {
    const reason = "the pattern uses look-behind, which RE2 has not; ".repeat(4).trim();
    const lines = reportText(
      report([check({ verdict: "error", name: "pattern(a)", reason })]),
      options,
    ).split("\n");
    const words = lines.slice(3, -2).join(" ").replaceAll(/\s+/g, " ");
    expect(words).toBe(`ERROR pattern(a) ${reason}`);
  });

  it("colours the verdict words only, and only where asked to", () => {
    const judged = report([failing(), check({ verdict: "warn" }), check()]);
    const plain = reportText(judged, options);
    const coloured = reportText(judged, { ...options, color: true });
    expect(plain).not.toContain("\u001b");
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    expect(coloured).toContain("\u001b[31mFAIL\u001b[39m     min(age)");
    expect(coloured).toContain("\u001b[33mWARN\u001b[39m");
    expect(coloured).toContain("\u001b[32mpass\u001b[39m");
  });

  it("lets nothing of the data write into the log", () => {
    const checks = hostile.map((name) => failing({ name, examples: [name], observed: name }));
    const text = reportText(report(checks, { notes: [...hostile] }), options);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });

  it("stays readable with 5,000 rules: all that failed, the rest summed up unless verbose", () => {
    const checks = Array.from({ length: 5000 }, (_, index) =>
      index % 50 === 0 ? failing({ name: `min(c${index})` }) : check({ name: `min(c${index})` }),
    );
    const lines = reportText(report(checks), options).split("\n");
    expect(lines.filter((line) => line.startsWith("FAIL  "))).toHaveLength(100);
    expect(lines.filter((line) => line.startsWith("pass"))).toEqual([
      "pass     range (4,900 rules)  -         -",
    ]);
    const all = reportText(report(checks), { ...options, isVerbose: true }).split("\n");
    expect(all.filter((line) => line.startsWith("pass"))).toHaveLength(4900);
  });

  it("sums up defaults that passed with the worst share, and many skipped rules", () => {
    const nulls = [0, 0.02, 0.01].map((observed, index) =>
      check({
        kind: "nulls",
        name: `nulls(c${index})`,
        column: `c${index}`,
        isDefault: true,
        observed,
        comparison: "<=",
        limit: 0.05,
      }),
    );
    const skipped = Array.from({ length: 100 }, (_, index) =>
      check({ verdict: "skipped", name: `max(x${index})`, reason: "there is no column x" }),
    );
    const text = reportText(report([...nulls, ...skipped]), options);
    expect(text).toContain("pass     nulls (3 columns by default)  worst 2% in c1");
    expect(text).toContain("skipped  80 more rules");
  });

  it("sums up many files, and names notes and where the failing rows are", () => {
    const files = Array.from({ length: 2000 }, (_, index) => ({
      uri: `s3://bucket/part-${index}.parquet`,
      sizeBytes: 1_000_000,
      sha256: null,
      etag: "abc",
      rows: 10,
    }));
    const text = reportText(
      report([failing()], {
        dataset: dataset({
          uri: files.map((file) => file.uri).join(", "),
          files,
          csv: null,
          format: "parquet",
        }),
        notes: ["latest.csv is a mutable path"],
        failingRowsFile: { path: "failing.parquet", rows: 12 },
      }),
      options,
    );
    expect(text).toContain("s3://bucket/part-0.parquet and 1,999 more: 1,000 rows");
    expect(text).toContain("2,000 files, 2 GB:\n  s3://bucket/part-0.parquet  1 MB, 10 rows");
    expect(text).toContain("  … and 1,995 more");
    expect(text).toContain("note: latest.csv is a mutable path");
    expect(text).toContain("Failing rows: failing.parquet (12 rows)");
    expect(text.split("\n").length).toBeLessThan(25);
  });
});
