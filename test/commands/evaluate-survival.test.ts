import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const patients = ["months,died,risk,g", "1,1,4,a", "2,true,2,b", "2,false,3,a", "3,0,2,b", ""].join("\n");
const survival = ["--predictions", "p.csv", "--duration", "months", "--event", "died"];

describe("a survival task", () => {
  it("is measured by pairs, events and censored rows counted, wherever its columns are named", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, patients);
    const args = ["--subgroup", "g", "--tau", "2", "--report", "report.html"];
    const { code, stdout, stderr } = await evaluate(cwd, ...survival, ...args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("duration months, event died, score risk");
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "survival", count: 4, positives: 2, negatives: null });
    expect(result.pairs).toEqual({ comparable: 5, concordant: 3, discordant: 1, tiedRisk: 1 });
    expect(result.metrics["concordance_index"]).toBe(0.7);
    expect(result.metrics["concordance_index_ipcw{tau=2}"]).toBe(1);
    expect(result.columns).toMatchObject({ label: "months", event: "died", score: "risk" });
    expect(stdout).toContain("4 rows, 2 with the event, 2 censored");
    const html = readFileSync(path.join(cwd, "report.html"), "utf8");
    for (const part of ["concordance_index", "the higher risk came first", "2 with the event"])
      expect(html).toContain(part);
  });

  it("takes a predicted time as the opposite of a risk", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "duration,event,predicted\n1,1,10\n2,1,30\n3,1,20\n");
    const args = ["--task", "survival", "--prediction", "predicted"];
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect(code, stderr).toBe(0);
    expect(resultIn(cwd).metrics["concordance_index"]).toBeCloseTo(2 / 3, 15);
  });

  it("is measured again from the scores that it kept", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, patients);
    expect((await evaluate(cwd, ...survival, "--scores-path", "kept.parquet")).code).toBe(0);
    const first = resultIn(cwd);
    const again = await evaluate(cwd, "--predictions", "kept.parquet", "--task", "survival");
    expect(again.code, again.stderr).toBe(0);
    const { metrics, evalSet } = resultIn(cwd);
    expect({ metrics, evalSet }).toEqual({ metrics: first.metrics, evalSet: first.evalSet });
  });

  it("of other events is another evaluation set", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, patients);
    expect((await evaluate(cwd, ...survival)).code).toBe(0);
    const { sha256 } = resultIn(cwd).evalSet;
    tableIn(cwd, patients.replace("3,0,2,b", "3,1,2,b"));
    expect((await evaluate(cwd, ...survival)).code).toBe(0);
    expect(resultIn(cwd).evalSet.sha256).not.toBe(sha256);
  });

  it("with chances to survive some times gives Brier scores, and gives them again from what it kept", async () => {
    const cwd = temporaryFolder();
    const chances = ["0.4,0.3", "0.8,0.5", "0.7,0.6", "0.9,0.8"];
    const [head, ...rows] = patients.trimEnd().split("\n");
    tableIn(cwd, [`${head},s1,s25`, ...rows.map((row, place) => `${row},${chances[place]}`)].join("\n"));
    const times = ["--survival-at", "1=s1", "--survival-at", "2.5=s25", "--scores-path", "kept.parquet"];
    const { code, stderr } = await evaluate(cwd, ...survival, ...times, "--subgroup", "g");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("survival probabilities s1 (1), s25 (2.5)");
    const first = resultIn(cwd);
    // One of two was censored at 2: what happened then and later counts twice.
    const [early, late] = [
      (0.4 ** 2 + 0.2 ** 2 + 0.3 ** 2 + 0.1 ** 2) / 4,
      (0.3 ** 2 + 2 * 0.5 ** 2 + 2 * 0.2 ** 2) / 4,
    ];
    expect(first.metrics["brier@1"]).toBeCloseTo(early, 15);
    expect(first.metrics["brier@2.5"]).toBeCloseTo(late, 15);
    expect(first.metrics["integrated_brier"]).toBeCloseTo((early + late) / 2, 15);
    expect(first.columns.survivals).toEqual({ "1": "s1", "2.5": "s25" });
    expect(first.subgroups["g"]?.["a"]?.undefined["brier@2.5"]).toBe("no row was seen beyond 2.5");
    const again = await evaluate(
      cwd,
      "--predictions",
      "kept.parquet",
      "--task",
      "survival",
      "--subgroup",
      "g",
    );
    expect(again.code, again.stderr).toBe(0);
    const { metrics, scores, subgroups } = resultIn(cwd);
    expect({ metrics, subgroups, sha256: scores.sha256 }).toEqual({
      metrics: first.metrics,
      subgroups: first.subgroups,
      sha256: first.scores.sha256,
    });
  });

  it.each([
    [["--survival-at", "1"], 2, '--survival-at is "1", expected a time and a column, such as 365=s365'],
    [["--survival-at", "1=risk", "--survival-at", "1.0=g"], 2, "--survival-at names the time 1 twice"],
    [["--survival-at", "1=months"], 2, 'the column "months" is the label and the survival-at at once'],
    [["--survival-at", "1=s1"], 4, 'has no column "s1" (--survival-at)'],
    [["--survival-at", "1=risk"], 4, "outside [0, 1], which no probability is"],
  ])("refuses chances to survive that cannot be meant: %j", async (args, exit, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, patients);
    const { code, stderr } = await evaluate(cwd, ...survival, "--score", "risk", ...args);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(message)]);
  });

  it.each([
    ["a duration below 0", "-1,1,2,a", 'the duration column "months" has 1 of 5 values below 0'],
    ["a missing duration", ",1,2,a", "row 5 is missing"],
    [
      "an event that is neither 0 nor 1",
      "4,2,2,a",
      'the event column "died" has 1 of 5 values that are not 0 or 1',
    ],
    ["a risk that is none", "4,1,high,a", 'the score column "risk" has 1 of 5 values that are no numbers'],
  ])("refuses %s", async (_title, row, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, `${patients}${row}\n`);
    const { code, stderr } = await evaluate(cwd, ...survival);
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
  });

  it("says which columns are missing, with the nearest names", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, patients);
    const wrong = await evaluate(cwd, "--predictions", "p.csv", "--duration", "month", "--event", "dead");
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toContain('has no column "month" (--duration); did you mean "months"');
    const none = await evaluate(cwd, "--predictions", "p.csv", "--task", "survival", "--score", "risk");
    expect(none.stderr).toContain("say which holds the time until the event with --duration");
    expect(none.stderr).toContain("say which is 1 where the event was seen with --event");
  });

  it.each([
    [["--tau", "soon"], '--tau is "soon", expected a time above 0'],
    [["--task", "binary"], "--duration and --task binary exclude each other"],
    [["--horizon", "g"], "--horizon and --task survival exclude each other"],
    [["--label", "g"], "--label and --duration exclude each other"],
    [["--threshold", "1", "--task", "survival"], "--threshold and --task survival exclude each other"],
  ])("refuses flags that cannot be meant: %j", async (args, message) => {
    const { code, stderr } = await evaluate(temporaryFolder(), ...survival, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("a gate on a survival task", () => {
  it("takes the concordance index under any of its names, and groups by their events", async () => {
    const cwd = temporaryFolder();
    const rows = Array.from(
      { length: 80 },
      (_, row) => `${row + 1},1,${80 - row},${row % 2 === 0 ? "a" : "b"}`,
    );
    tableIn(cwd, ["months,died,risk,g", ...rows, ""].join("\n"));
    expect((await evaluate(cwd, ...survival, "--subgroup", "g")).code).toBe(0);
    const gate = async (...args: string[]) =>
      await run(["gate", "--new-metrics", "evaluation_results.json", ...args], testContext({ cwd, env: {} }));
    expect(await gate("--subgroup-min", "c_index=0.9", "--subgroup", "g")).toBe(0);
    expect(await gate("--min", "harrell_c=0.99")).toBe(0);
    expect(await gate("--max", "concordance=0.9")).not.toBe(0);
  });
});
