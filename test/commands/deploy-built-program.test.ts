import { describe, expect, it } from "vitest";
import { processesOf } from "../deploy/environment.ts";
import { startCli } from "../support/cli.ts";
import { deploy, mlops, project, resultOf, serve, smoke } from "./deploy-case.ts";

describe("mlops deploy", () => {
  it("stops the new server and keeps the old one when SIGTERM comes in the middle (built program)", async () => {
    const cwd = await project([{}, { neverHealthy: true }]);
    await deploy(cwd, "1");
    const url = resultOf(cwd).serving?.endpointUrl;
    const cli = startCli(
      ["deploy", "--model-name", "mortality", "--model-version", "2", ...smoke, ...serve],
      { cwd },
    );
    await cli.printed(/release 2: started/);
    const begin = performance.now();
    cli.process.kill("SIGTERM");
    expect(await cli.finished).toMatchObject({ code: 143 });
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(await (await fetch(`${url}/predict`)).json()).toMatchObject({ version: "1" });
    expect((await mlops(cwd, ["deploy", "--status", "--json"])).stdout).toContain('"verdict": "pass"');
  });

  it("clears up after a command that was killed with kill -9 (built program)", async () => {
    const cwd = await project([{}, { neverHealthy: true }]);
    await deploy(cwd, "1");
    const url = resultOf(cwd).serving?.endpointUrl;
    const args = ["deploy", "--model-name", "mortality", "--model-version", "2", ...smoke, ...serve];
    const cli = startCli(args, { cwd });
    await cli.printed(/release 2: started/);
    cli.process.kill("SIGKILL");
    await cli.finished;
    expect(await (await fetch(`${url}/predict`)).json()).toMatchObject({ version: "1" });
    const again = await deploy(cwd, "1");
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stderr).toContain("Release 2 was left behind by a command that was killed");
    expect(resultOf(cwd)).toMatchObject({ release: { release: 3 }, serving: { endpointUrl: url } });
    // The relay and release 3, nothing else.
    expect(await processesOf(cwd)).toHaveLength(2);
  });

  it("leaves a server that outlives the command (built program), which is stopped later", async () => {
    const cwd = await project([{}]);
    const args = ["deploy", "--model-name", "mortality", "--model-version", "1", ...smoke, ...serve];
    expect(await startCli(args, { cwd }).finished).toMatchObject({ code: 0 });
    expect((await fetch(`${resultOf(cwd).serving?.endpointUrl}/health`)).status).toBe(200);
    expect(await startCli(["deploy", "--stop"], { cwd }).finished).toMatchObject({ code: 0 });
    expect(await processesOf(cwd)).toEqual([]);
  });
});
