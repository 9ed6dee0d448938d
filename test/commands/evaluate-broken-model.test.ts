import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { modelsInPython } from "./evaluate-models.ts";

const brokenModels = `
import joblib, os, signal, sys
import broken
for name in dir(broken):
    kind = getattr(broken, name)
    if isinstance(kind, type): joblib.dump(kind(), name + ".joblib")
joblib.dump({"not": "a model"}, "Dictionary.joblib")
`;
const brokenModule = `
import os, signal, sys
import numpy as np
class Chatty:
    def predict_proba(self, x):
        print("{} I am not JSON"); os.write(1, b"raw"); sys.stderr.write("warm-up\\n")
        return np.column_stack([np.linspace(1, 0, len(x)), np.linspace(0, 1, len(x))])
class Short:
    def predict_proba(self, x): return np.zeros((len(x) - 1, 2))
class NotANumber:
    def predict_proba(self, x): return np.full((len(x), 2), np.nan)
class PredictsNaN:
    def predict(self, x): return np.full(len(x), np.nan)
class Words:
    def predict(self, x): return np.array(["a"] * len(x))
class Raises:
    def predict(self, x): raise RuntimeError("the weights are gone")
class Dies:
    def predict(self, x): os.kill(os.getpid(), signal.SIGKILL)
class Leaves:
    def predict(self, x): os._exit(0)
class Many:
    def predict_proba(self, x): return np.zeros((len(x), 3))
`;

describe("a model that is scored in Python", () => {
  const { kept, score } = modelsInPython({ "broken.py": brokenModule, "broken_models.py": brokenModels });

  it.each(["cut.joblib", "text.pkl", "empty.joblib"])(
    "%s is no model: exit 8 in one sentence",
    async (name) => {
      const outcome = await score(name, "test.csv", "--label", "death");
      expect(outcome.code).toBe(8);
      expect(outcome.stderr).toContain(`${name} cannot be loaded as a model: `);
      expect(outcome.stderr).not.toContain("Traceback");
    },
  );

  it("what a model prints disturbs nothing", async () => {
    const outcome = await score("Chatty.joblib", "test.csv", "--label", "death", "--json");
    expect(outcome.code).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ command: "evaluate", scores: { kind: "score" } });
  });

  it.each([
    ["Short", "for 400 rows"],
    ["NotANumber", "NaN or infinity for 400 of 400 rows"],
    ["PredictsNaN", "NaN or infinity for 400 of 400 rows"],
    ["Words", "expected numbers"],
    ["Raises", "the weights are gone"],
    ["Dies", "was ended by SIGKILL"],
    ["Leaves", "left no usable scores"],
    ["Many", "expected two columns"],
    ["Dictionary", "it is no model"],
  ])("%s: exit 8 with the reason, and no result", async (name, message) => {
    const flags: Readonly<Record<string, string[]>> = {
      PredictsNaN: ["--positive-class", "1"],
      Many: ["--task", "binary"],
    };
    const asked = flags[name] ?? [];
    const outcome = await score(`${name}.joblib`, "test.csv", "--label", "death", ...asked);
    expect([outcome.code, outcome.stdout]).toEqual([8, ""]);
    expect(outcome.stderr).toContain(message);
    expect(existsSync(path.join(kept.folder ?? "", "evaluation_results.json"))).toBe(false);
  });
});
