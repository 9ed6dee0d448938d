import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

describe("the positive class", () => {
  it.each([
    ["1.0", "0.0", "1"],
    ["1", "0", "1.0"],
    ["True", "False", "true"],
    ["TRUE", "FALSE", "True"],
    ["ja, sicher", "nein", "ja, sicher"],
    ["01", "1", "01"],
    ["False", "True", "0"],
    ["1", "0", "true"],
  ])("of the labels %s and %s is named by %s", async (positive, negative, named) => {
    const cwd = temporaryFolder();
    tableIn(cwd, `label,score\n"${positive}",0.9\n"${negative}",0.2\n"${positive}",0.3\n`);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", named);
    expect(code, stderr).toBe(0);
    expect(resultIn(cwd)).toMatchObject({ positives: 2, negatives: 1, metrics: { roc_auc: 1 } });
  });

  it("is asked for where the labels are two texts, and where it is not there, what is", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\nyes,0.9\nno,0.2\n");
    const { stderr } = await evaluate(cwd, "--predictions", "p.csv");
    expect(stderr).toContain('the label column "label" has 2 of 2 values that are no numbers');
    expect(stderr).toContain("Say which class counts as 1: --positive-class yes, or no.");
    const other = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "Yes");
    expect(other.stderr).toContain(
      'no value of the label column "label" is "Yes" (--positive-class); it has no, yes',
    );
  });
});
