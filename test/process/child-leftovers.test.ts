import { describe, expect, it } from "vitest";
import { isAlive, start } from "./children.ts";

describe("runChild after the child's own end", () => {
  it("ends what the child left behind in its group, which holds the pipes", async () => {
    const child = start([], { command: "sh", args: ["-c", 'sleep 600 & echo "left $!"; exit 3'] });
    const { outcome, durationMs } = await child.report;
    const pid = Number(/left (\d+)/.exec(child.stdout())?.[1]);
    expect(outcome).toEqual({ kind: "exited", code: 3 });
    expect(await isAlive(pid)).toBe(false);
    expect(durationMs).toBeLessThan(4000);
  });

  it("does not wait for a process that left the group", async () => {
    const child = start([], { command: "sh", args: ["-c", 'setsid sleep 600 & echo "left $!"; exit 0'] });
    const { outcome, durationMs } = await child.report;
    const pid = Number(/left (\d+)/.exec(child.stdout())?.[1]);
    expect(outcome).toEqual({ kind: "exited", code: 0 });
    expect(durationMs).toBeLessThan(4000);
    if (await isAlive(pid)) process.kill(pid, "SIGKILL");
  });
});
