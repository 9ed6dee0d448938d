import { describe, expect, it } from "vitest";
import { interruption, isAlive, script, start } from "./children.ts";

describe("runChild on abort", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("passes %s on and lets the child end by itself", async (name) => {
    const abort = new AbortController();
    const child = start(
      script(`process.on("${name}", () => { console.log("got ${name}"); process.exit(5); });
              setInterval(() => {}, 1000); console.log("ready")`),
      { signal: abort.signal },
    );
    await child.printed("ready");
    abort.abort(interruption(name));
    const { outcome } = await child.report;
    expect(outcome).toEqual({ kind: "exited", code: 5 });
    expect(child.stdout()).toContain(`got ${name}`);
  });

  it("sends SIGTERM for any other reason, such as a time limit", async () => {
    const { outcome } = await start(script("setInterval(() => {}, 1000)"), {
      signal: AbortSignal.timeout(300),
    }).report;
    expect(outcome).toEqual({ kind: "signalled", signal: "SIGTERM" });
  });

  it("kills a child that ignores the signal after the grace", async () => {
    const abort = new AbortController();
    const child = start(
      script(
        `process.on("SIGTERM", () => console.log("ignored")); setInterval(() => {}, 1000); console.log("ready")`,
      ),
      { signal: abort.signal, graceMs: 300 },
    );
    await child.printed("ready");
    abort.abort(interruption("SIGTERM"));
    const { outcome } = await child.report;
    expect(outcome).toEqual({ kind: "signalled", signal: "SIGKILL" });
    expect(child.stdout()).toContain("ignored");
  });

  it("leaves no grandchild that ignores the signal", async () => {
    const abort = new AbortController();
    const child = start([], {
      command: "sh",
      args: ["-c", `sh -c 'trap "" TERM; echo "grandchild $$"; while :; do sleep 0.2; done' & wait`],
      signal: abort.signal,
    });
    await child.printed("grandchild");
    const pid = Number(/grandchild (\d+)/.exec(child.stdout())?.[1]);
    expect(await isAlive(pid)).toBe(true);
    const abortedMs = performance.now();
    abort.abort(interruption("SIGTERM"));
    await child.report;
    expect(await isAlive(pid)).toBe(false);
    expect(performance.now() - abortedMs).toBeLessThan(5000);
  });
});

describe("runChild on abort of a program whose workers have groups of their own", () => {
  it.each([
    ["that obeys", ""],
    ["that ignores the signal", 'trap "" TERM;'],
  ])("leaves no worker %s, though its parent was killed", async (_title, trap) => {
    const abort = new AbortController();
    // As torchrun does; the parent waits for its workers for longer than the grace.
    const worker = `${trap} echo "worker $$"; while :; do sleep 0.1; done`;
    const child = start([], {
      command: "sh",
      args: ["-c", 'trap "" TERM; setsid sh -c "$1" & wait; sleep 600', "sh", worker],
      signal: abort.signal,
      graceMs: 300,
    });
    await child.printed("worker");
    const pid = Number(/worker (\d+)/.exec(child.stdout())?.[1]);
    expect(await isAlive(pid)).toBe(true);
    abort.abort(interruption("SIGTERM"));
    const { durationMs } = await child.report;
    expect(await isAlive(pid)).toBe(false);
    expect(durationMs).toBeLessThan(4000);
  });
});
