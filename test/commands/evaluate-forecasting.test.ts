import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const sales = ["sold,forecast,week,shop", "10,12,2,x", "20,20,10,x", "30,27,2,y", "40,45,10,y", ""].join(
  "\n",
);
/** Of x the steps of one season are 2 and 2, of y 5 and 5; not in the order of time. */
const history = ["time,sold,shop", "3,14,x", "1,10,x", "2,12,x", "1,5,y", "10,15,y", "9,10,y", ""].join("\n");
const forecasting = ["--predictions", "p.csv", "--task", "forecasting", "--label", "sold"];

function casesIn(cwd: string, rows = history): void {
  tableIn(cwd, sales);
  writeFileSync(path.join(cwd, "train.csv"), rows);
}

describe("a forecasting task", () => {
  it("is scaled by the naive error of each training series, and measured by horizon", async () => {
    const cwd = temporaryFolder();
    casesIn(cwd);
    const args = [
      "--horizon",
      "week",
      "--series",
      "shop",
      "--history",
      "train.csv",
      "--report",
      "report.html",
    ];
    const { code, stderr } = await evaluate(cwd, ...forecasting, ...args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("prediction forecast, horizon week, series shop");
    const result = resultIn(cwd);
    expect(result.metrics["mase"]).toBeCloseTo((1 / 2 + 4 / 5) / 2, 14);
    expect(result.metrics["rmsse"]).toBeCloseTo((Math.sqrt(2) / 2 + Math.sqrt(17) / 5) / 2, 14);
    expect(result.metrics["wape"]).toBeCloseTo(10 / 100, 14);
    expect(result.horizons?.map((one) => [one.horizon, one.count, one.metrics["mae"]])).toEqual([
      ["2", 2, 2.5],
      ["10", 2, 2.5],
    ]);
    expect(result.columns).toMatchObject({ horizon: "week", series: "shop" });
    expect(result.inputs.map((one) => [one.role, one.uri])).toEqual([
      ["predictions", "p.csv"],
      ["training series", "train.csv"],
    ]);
    const html = readFileSync(path.join(cwd, "report.html"), "utf8");
    for (const part of ["mase", "errors by how far ahead a row was forecast"]) expect(html).toContain(part);
  });

  it("looks back a whole season, and reads times that are texts as dates or numbers", async () => {
    const cwd = temporaryFolder();
    const dates = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-10"];
    casesIn(
      cwd,
      ["ds,sold", ...dates.map((date, row) => `${date},${[1, 5, 3, 9][row]}`).reverse(), ""].join("\n"),
    );
    const { code, stderr } = await evaluate(cwd, ...forecasting, "--history", "train.csv", "--season", "2");
    expect(code, stderr).toBe(0);
    // Steps of two: 2 and 4.
    expect(resultIn(cwd).metrics["mase"]).toBeCloseTo(2.5 / 3, 14);
  });

  it("takes the training errors as a number or a column", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, sales.replace("week", "scale"));
    const given = ["--training-mae", "5", "--training-rmse", "scale"];
    const { code, stderr } = await evaluate(cwd, ...forecasting, ...given);
    expect(code, stderr).toBe(0);
    const { metrics, columns } = resultIn(cwd);
    expect(metrics["mase"]).toBe(0.5);
    expect(metrics["rmsse"]).toBeCloseTo(Math.sqrt((1 + 0 + 2.25 + 0.25) / 4), 14);
    expect(columns).toMatchObject({ trainingMae: 5, trainingRmse: "scale" });
  });

  it("takes the median as the forecast, and quantiles as a distribution", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "target,q0.1,q0.5,q0.9\n10,8,9,12\n20,19,22,25\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--task", "forecasting");
    expect(code, stderr).toBe(0);
    const { metrics, undefined: reasons } = resultIn(cwd);
    expect(metrics).toMatchObject({ mae: 1.5, mase: null, "coverage@0.9": 1 });
    expect(metrics["crps{quantiles=3}"]).toBeCloseTo(2 * (metrics["pinball"] ?? Number.NaN), 15);
    expect(reasons["mase"]).toContain("--history");
  });

  it.each([
    ["a column that it lacks", "time,sales,shop\n1,2,x\n", 'no column "sold" (--label)'],
    ["no column of times", "sold,shop\n1,x\n", "say which orders it with --time"],
    ["a time that stands twice", `${history}3,1,x\n`, "a time (time) stands more than once in one series"],
    ["times that are words", "time,sold,shop\nmay,1,x\njune,2,x\n", "neither numbers nor dates"],
    ["a value that is none", `${history}4,much,x\n`, "1 of 7 values of sold are no numbers"],
    ["a missing series", "time,sold,shop\n1,2,x\n2,3,x\n", "no rows of 1 series of the forecasts: y"],
    [
      "a series that is too short",
      "time,sold,shop\n1,2,x\n1,3,y\n2,4,y\n",
      "1 series have no two values 1 steps apart: x",
    ],
  ])("refuses a history with %s", async (_title, rows, message) => {
    const cwd = temporaryFolder();
    casesIn(cwd, rows);
    const { code, stderr } = await evaluate(
      cwd,
      ...forecasting,
      "--series",
      "shop",
      "--history",
      "train.csv",
    );
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
  });

  it.each([
    [["--season", "7"], "--season needs --history"],
    [
      ["--history", "t.csv", "--training-mae", "3"],
      "--history and --training-mae or --training-rmse exclude",
    ],
    [["--series", "shop", "--task", "quantile"], "--series and --task quantile exclude each other"],
    [["--history", "p.csv", "--output-path", "p.csv"], "--output-path is"],
  ])("refuses flags that cannot be meant: %j", async (args, message) => {
    const { code, stderr } = await evaluate(temporaryFolder(), "--predictions", "p.csv", ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it("says that a training error is neither a column nor a number", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, sales);
    const { code, stderr } = await evaluate(cwd, ...forecasting, "--training-mae", "wek");
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining(
        'no column "wek" (--training-mae), and it is no number above 0; did you mean "week"',
      ),
    ]);
  });
});
