import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { job } from "./train-job.ts";

describe("mlops train", () => {
  it.each([
    ["sys.exit(0)", 0, "FINISHED", ""],
    ["sys.exit(4)", 8, "FAILED", "python train.py ended with exit code 4"],
    ["os.kill(os.getpid(), 11)", 8, "KILLED", "python train.py ended by SIGSEGV"],
    ["os.kill(os.getpid(), 9)", 8, "KILLED", "mostly the memory limit"],
  ])("closes the run by what really happened: %s", async (statement, exitCode, status, message) => {
    const { train, run, context } = await job({ "train.py": `import os, sys\n${statement}\n` });
    expect(await train("--", "train.py")).toBe(exitCode);
    expect(context.printed().stderr).toContain(message.replace("ended by", "was ended by"));
    expect((await run()).status).toBe(status);
  });

  it("stops a training at its time limit", async () => {
    const { train, run, context } = await job({ "train.py": "import time\ntime.sleep(600)\n" });
    expect(await train("--timeout", "1s", "--", "train.py")).toBe(8);
    expect(context.printed().stderr).toContain("had not ended after 1 s (--timeout)");
    expect((await run()).status).toBe("KILLED");
  });

  it("closes the run as FAILED where something around the training fails", async () => {
    const { train, context, run } = await job({ "train.py": "" });
    expect(await train("--dotenv", "train.py/no.env", "--", "train.py")).toBe(2);
    expect(context.printed().stderr).toContain("no.env");
    expect((await run()).status).toBe("FAILED");
  });

  it("ends the program and closes the run as KILLED on an interruption", async () => {
    const { train, context, run, file } = await job({
      "train.py": "import os, time\nopen(os.environ['MLOPS_OUTPUT_DIR'] + '/ready', 'w')\ntime.sleep(600)\n",
    });
    const ended = train("--", "train.py");
    await expect.poll(() => file("outputs/ready"), { timeout: 20_000 }).toBe("");
    context.abort(new MlopsError({ kind: "interrupted", code: "SIGINT", message: "Interrupted (SIGINT)." }));
    expect(await ended).toBe(130);
    expect((await run()).status).toBe("KILLED");
  });
});
