import { describe, expect, it } from "vitest";
import { processesOf } from "../deploy/environment.ts";
import { openTestSession } from "../support/tracking-session.ts";
import { deploy, mlops, project, serve, smoke } from "./deploy-case.ts";

describe("mlops deploy", () => {
  it("is blocked by a deploy freeze, unless told to ignore it", async () => {
    const cwd = await project([{}]);
    const args = ["deploy", "--model-name", "mortality", "--model-version", "1", ...smoke];
    const frozen = await mlops(cwd, [...args, ...serve], { CI_DEPLOY_FREEZE: "true" });
    expect(frozen).toMatchObject({ code: 5, stderr: expect.stringContaining("freeze window") });
    const forced = await mlops(cwd, [...args, "--ignore-freeze", ...serve], { CI_DEPLOY_FREEZE: "true" });
    expect(forced).toMatchObject({ code: 0 });
  });

  it("refuses what it cannot do, and says what to do instead", async () => {
    const cwd = await project([{}]);
    const both = ["deploy", "--model-name", "mortality", "--model-version", "1"];
    const cases: [readonly string[], number, RegExp][] = [
      [[...both, "--target", "kserve", ...serve], 2, /--target is kserve; .*process only/],
      [
        [...both, "--namespace", "ml", "--k8s-context", "c", ...serve],
        2,
        /--namespace and --k8s-context would only make sense/,
      ],
      [both, 2, /no serve command/],
      [["deploy", ...serve], 2, /Which model\?/],
      [["deploy", "--model-name", "mortality", ...serve], 2, /Which version of mortality\?/],
      [
        [...both, "--alias", "champion", ...serve],
        2,
        /--model-version says version 1, --alias says alias champion/,
      ],
      [
        ["deploy", "--model-name", "mortality", "--alias", "gold", ...serve],
        4,
        /no version with the alias "gold"/,
      ],
      [[...both, "--smoke-request", "{age}", ...serve], 2, /smoke request \(--smoke-request\) is not JSON/],
      [[...both, "--smoke-request", "nowhere.json", ...serve], 2, /nowhere\.json .*cannot be read/],
      [[...both, "--smoke-expect", "risk", ...serve], 2, /no --smoke-request/],
      [
        [...both, "--health-path", "health", "--port", "70000", ...serve],
        2,
        /--health-path is "health"[\s\S]*--port is 70000/,
      ],
      [[...both, "--status", "--stop", ...serve], 2, /exclude each other/],
      [[...both, "--", "no-such-program"], 2, /"no-such-program" is not found/],
    ];
    for (const [args, code, message] of cases) {
      const refused = await mlops(cwd, args);
      expect(refused.stderr).toMatch(message);
      expect(refused.code, args.join(" ")).toBe(code);
    }
    expect(await processesOf(cwd)).toEqual([]);
  });

  it("refuses a version whose files are gone, before anything is started", async () => {
    const cwd = await project([{}]);
    {
      await using opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
      const { client } = opened.session;
      const [run] = await client.searchRuns({ experimentIds: [await client.ensureExperiment("e")] });
      const source = `${run?.artifactUri}/nowhere`;
      await client.createModelVersion({ name: "mortality", source, runId: run?.runId ?? "", tags: {} });
    }
    const refused = await deploy(cwd, "2");
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("Version 2 of mortality has no files"),
    });
    expect(await processesOf(cwd)).toEqual([]);
  });
});
