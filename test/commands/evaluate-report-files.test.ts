import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { removeOldReports, writeReports } from "../../src/commands/evaluate/report-files.ts";
import { binaryCase } from "../report/binary-case.ts";
import { readOpenMetrics } from "../report/open-metrics-reader.ts";
import { quantileCase } from "../report/task-cases.ts";
import { temporaryFolder } from "../support/folder.ts";

const places = { report: "out/report.html", charts: "out/charts", metricsFile: "metrics.txt" };

const nothing = { inputs: [], outputs: [] };

describe("writeReports", () => {
  it("writes the page, the charts and the metrics, and names them as artifacts", async () => {
    const cwd = temporaryFolder();
    const written = await writeReports(quantileCase(), places, cwd);
    expect(written.map((one) => [path.relative(cwd, one.file), one.artifact])).toEqual([
      ["metrics.txt", "metrics.txt"],
      ["out/report.html", "evaluation_report.html"],
      ...["coverage", "subgroups-region"].flatMap((name) =>
        ["svg", "png", "vl.json"].map((ending) => [
          `out/charts/${name}.${ending}`,
          `evaluation_charts/${name}.${ending}`,
        ]),
      ),
    ]);
    expect(readOpenMetrics(readFileSync(path.join(cwd, "metrics.txt"), "utf8")).length).toBeGreaterThan(3);
    expect(readdirSync(path.join(cwd, "out")).sort()).toEqual(["charts", "report.html"]);
  });

  it("writes nothing where nothing is wanted", async () => {
    const cwd = temporaryFolder();
    const none = { report: undefined, charts: undefined, metricsFile: undefined };
    await removeOldReports(none, nothing, cwd);
    expect(await writeReports(binaryCase(), none, cwd)).toEqual([]);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe("removeOldReports", () => {
  it("takes what an earlier start has left away, and nothing else", async () => {
    const cwd = temporaryFolder();
    await writeReports(quantileCase(), places, cwd);
    const theirs = {
      "out/charts/mine.vl.json": '{"mark":"bar"}',
      "out/charts/mine.svg": "<svg/>",
      "out/other.html": "",
    };
    for (const [file, text] of Object.entries(theirs)) writeFileSync(path.join(cwd, file), text);
    await removeOldReports(places, { inputs: ["data.csv"], outputs: [] }, cwd);
    expect(readdirSync(cwd, { recursive: true, encoding: "utf8" }).sort()).toEqual([
      ...["out", "out/charts", "out/charts/mine.svg", "out/charts/mine.vl.json", "out/other.html"],
    ]);
  });

  it("refuses a report in the place of an input or of another output", async () => {
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, "data"));
    writeFileSync(path.join(cwd, "data", "in.csv"), "x");
    const one = (part: Partial<typeof places>) => ({
      ...{ report: undefined, charts: undefined, metricsFile: undefined },
      ...part,
    });
    await expect(
      removeOldReports(one({ report: "data/in.csv" }), { inputs: ["data/in.csv"], outputs: [] }, cwd),
    ).rejects.toThrow("--report is data/in.csv, which is an input");
    await expect(removeOldReports(one({ report: "a", metricsFile: "./a" }), nothing, cwd)).rejects.toThrow(
      "--metrics-file",
    );
    await expect(removeOldReports(one({ charts: "data/in.csv" }), nothing, cwd)).rejects.toMatchObject({
      kind: "usage",
      code: "FOLDER_NOT_MADE",
    });
    expect(existsSync(path.join(cwd, "data", "in.csv"))).toBe(true);
  });
});
