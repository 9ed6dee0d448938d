import { describe, expect, it } from "vitest";
import { htmlPage } from "../../../src/data/report/html.ts";
import type { ColumnProfile, ValidationCheck } from "../../../src/results/validation-report.ts";
import { check, dataset, failing, hostile, report } from "./report-case.ts";
import { allOf, readXml, type XmlElement } from "./xml-tree.ts";

const numbers: ColumnProfile = {
  ...{ nulls: 50, distinct: 82, min: -3, max: 120, frequent: [] },
  histogram: {
    edges: Array.from({ length: 21 }, (_, index) => index * 6),
    counts: Array.from({ length: 20 }, (_, index) => index),
  },
};
const words: ColumnProfile = {
  ...{ nulls: 0, distinct: 3, min: "D***(2)", max: "U***(2)", histogram: null },
  frequent: [
    { value: "D***(2)", count: 600 },
    { value: "U***(2)", count: 400 },
  ],
};

const table = (names: readonly string[], profile: ColumnProfile | null = numbers) =>
  dataset({ columns: names.map((name) => ({ name, type: "double", profile })) });

/** The page as a strict parser reads it; the names without their namespace. */
async function page(judged: Parameters<typeof htmlPage>[0]): Promise<XmlElement> {
  return bare(await readXml(htmlPage(judged)));
}

function bare(element: XmlElement): XmlElement {
  return { ...element, tag: element.tag.replace(/^\{.*\}/, ""), children: element.children.map(bare) };
}

function textOf(element: XmlElement): string {
  return [element.text, ...element.children.map(textOf)].join(" ").replaceAll(/\s+/g, " ").trim();
}

function withId(root: XmlElement, id: string): XmlElement {
  const found = allOf(root).find((one) => one.attributes["id"] === id);
  if (found === undefined) throw new Error(`no element has the id ${id}`);
  return found;
}

const classesOf = (element: XmlElement) => (element.attributes["class"] ?? "").split(" ");

describe("the HTML page", () => {
  it("says the verdict, the table, its files and when it was checked", async () => {
    const root = await page(report([failing()], { notes: ["latest.csv is a mutable path"] }));
    expect(textOf(allOf(root, "title")[0] ?? root)).toBe("fail: data/train.csv");
    const head = textOf(allOf(root, "header")[0] ?? root);
    expect(head).toContain("2026-11-22 05:00:00 UTC, in 13 s");
    expect(head).toContain("1 file, 4.1 kB");
    expect(head).toContain("contract.yaml");
    expect(textOf(withId(root, "notes"))).toContain("latest.csv is a mutable path");
    expect(textOf(withId(root, "files"))).toContain("a".repeat(64));
  });

  it("lists the rules worst first, each with its figures", async () => {
    const root = await page(
      report([
        check({ name: "passed" }),
        failing({ description: "Ages are in years." }),
        check({ name: "e", verdict: "error", reason: "broken" }),
      ]),
    );
    const rows = allOf(withId(root, "rules"), "tr").slice(1).map(textOf);
    expect(rows).toEqual([
      "error e broken",
      "fail min(age) Ages are in years. -3 >= 0 12 of 1,000 rows (1.2%) e.g. -***(2)",
      "pass passed 1 >= 0",
    ]);
  });

  it("has a row a column: type, missing, distinct, extremes, plot, and its rules with their verdicts", async () => {
    const judged = report([failing(), check({ name: "max(age)" }), check({ name: "other", column: "x" })], {
      dataset: dataset({
        columns: [
          { name: "age", type: "integer", profile: numbers },
          { name: "country", type: "string", profile: words },
          { name: "unknown", type: "MAP(VARCHAR, INTEGER)", profile: null },
        ],
      }),
    });
    const root = await page(judged);
    const [age, country, unknown] = allOf(withId(root, "columns"), "tr").slice(1);
    expect(age === undefined ? "" : textOf(age)).toBe(
      "age integer 5% 82 -3 120 20 bins from 0 to 120, at most 19 rows in one min(age) max(age)",
    );
    const links = age === undefined ? [] : allOf(age, "a");
    expect(links.map((link) => [classesOf(link)[1], link.attributes["href"]])).toEqual([
      ["fail", "#r0"],
      ["pass", "#r1"],
    ]);
    expect(textOf(withId(root, "r0"))).toContain("min(age)");
    expect(country === undefined ? "" : textOf(country)).toContain("D***(2): 600 (60%)");
    expect(unknown === undefined ? "" : textOf(unknown)).toBe("unknown MAP(VARCHAR, INTEGER) - - - -");
  });

  it("draws one path a histogram: a bar for each bin that is not empty", async () => {
    const root = await page(report([], { dataset: table(["x"]) }));
    const paths = allOf(root, "path").map((one) => one.attributes["d"] ?? "");
    expect(paths).toHaveLength(1);
    expect(paths[0]?.match(/M/g)).toHaveLength(19);
    expect(paths[0]).not.toMatch(/NaN|Infinity/);
  });

  it("shows why data could not be read", async () => {
    const error = { code: "DATA_FILE_MISSING", message: "x.csv is missing.", hint: "Check the path." };
    const none = dataset({
      uri: "x.csv",
      rows: null,
      columns: [],
      files: [],
      sha256: null,
      format: null,
      csv: null,
      sizeBytes: null,
    });
    const text = textOf(await page(report([], { verdict: "error", error, dataset: none })));
    expect(text).toContain("x.csv is missing. Check the path. DATA_FILE_MISSING");
  });
});

describe("the HTML page and what is in the data", () => {
  it("needs nothing from anywhere and runs nothing, whatever the names and values are", async () => {
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
    const bad = {
      ...words,
      min: hostile[0],
      max: hostile[1],
      frequent: hostile.map((value) => ({ value, count: 3 })),
    };
    const judged = report([...checks, check({ name: hostile[0], verdict: "error", reason: hostile[2] })], {
      dataset: {
        ...table(hostile, bad),
        uri: hostile[0],
        csv: { delimiter: "<", compression: "none", encoding: "utf-8" },
      },
      notes: [...hostile],
      failingRowsFile: { path: hostile[0], rows: 1 },
    });
    const root = await page(judged);
    const tags = new Set(allOf(root).map((one) => one.tag));
    for (const tag of ["script", "link", "img", "iframe", "object", "form", "base"])
      expect(tags).not.toContain(tag);
    const attributes = allOf(root).flatMap((one) => Object.entries(one.attributes));
    expect(attributes.filter(([name]) => /^on|src/.test(name))).toEqual([]);
    expect(
      attributes.filter(([name, value]) => name === "href" && !/^#(r\d+|rules|columns|files)$/.test(value)),
    ).toEqual([]);
    expect(htmlPage(judged)).not.toMatch(/url\(|@import/);
    const policy = allOf(root, "meta").find(
      (one) => one.attributes["http-equiv"] === "Content-Security-Policy",
    );
    expect(policy?.attributes["content"]).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(textOf(withId(root, "columns"))).toContain("<script>alert(1)</script>");
  });

  it("reads as HTML as it does as XML: no element that HTML wants closed is empty-closed", () => {
    const html = htmlPage(report([failing()], { dataset: table(["a", "b"], words) }));
    const emptyClosed = [...html.matchAll(/<(\w+)[^>]*\/>/g)].map((match) => match[1]);
    expect(new Set(emptyClosed)).toEqual(new Set(["meta", "path"]));
    expect(html.startsWith("<!DOCTYPE html>\n")).toBe(true);
  });
});

describe("a large page", () => {
  /** A rule for missing values a column, and one more for every other column; each fiftieth of these is broken. */
  function wide(width: number) {
    const names = Array.from({ length: width }, (_, index) => `feature_number_${index}`);
    const rules = names.flatMap((column, index): ValidationCheck[] => {
      const nulls = check({ kind: "nulls", name: `nulls(${column})`, column, isDefault: true });
      const make = index % 100 === 0 ? failing : check;
      return index % 2 === 0 ? [nulls, make({ name: `min(${column})`, column })] : [nulls];
    });
    const columns = names.map((name, index) => ({
      name,
      type: "double",
      profile: index % 2 === 0 ? numbers : words,
    }));
    return report(rules, { dataset: dataset({ columns }) });
  }

  it("is folded but for the first columns and the broken rules", async () => {
    const root = await page(wide(1000));
    expect(allOf(withId(root, "columns"), "tr")).toHaveLength(1000 + 5);
    const groups = withId(root, "columns").children.filter((one) => one.tag === "details");
    expect(groups.map((one) => one.attributes["open"])).toEqual(["open", ...Array(4).fill(undefined)]);
    expect(textOf(groups[1] ?? root)).toContain(
      "columns 201 to 400: feature_number_200 … feature_number_399 · 2 with broken rules",
    );
    const open = withId(root, "rules").children.filter((one) => one.tag === "div");
    expect(open.flatMap((one) => allOf(one, "tr"))).toHaveLength(1 + 10);
  });

  it("says which figures of a very wide table were not measured", async () => {
    const light = { ...numbers, distinct: null, histogram: null };
    const root = await page(report([], { dataset: table(["a", "b"], light) }));
    expect(textOf(withId(root, "columns"))).toContain(
      "Distinct values and distributions of 2 columns of this wide table were not measured.",
    );
  });

  it("stays under 20 MB with 10,000 columns and 15,000 rules, each in its row", () => {
    const html = htmlPage(wide(10_000));
    expect(Buffer.byteLength(html)).toBeLessThan(20_000_000);
    expect(html.match(/<tr id="r\d+">/g)).toHaveLength(15_000);
    expect(html.match(/<small>double<\/small>/g)).toHaveLength(10_000);
  });

  it("folds the files of a table of 2,000", async () => {
    const files = Array.from({ length: 2000 }, (_, index) => ({
      uri: `part-${index}.parquet`,
      sizeBytes: 1e6,
      sha256: null,
      etag: "e1",
      rows: 10,
    }));
    const section = withId(await page(report([], { dataset: dataset({ files }) })), "files");
    expect(allOf(section, "tr")).toHaveLength(2001);
    expect(section.children.some((one) => one.tag === "details")).toBe(true);
    expect(textOf(section)).toContain("part-7.parquet 1 MB 10 ETag e1");
  });
});
