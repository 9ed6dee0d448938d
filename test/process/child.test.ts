import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { type ChildReport, type ChildRequest, runChild } from "../../src/process/child.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "mlops-child-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly report: Promise<ChildReport>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves as soon as stdout holds `text`. */
  readonly printed: (text: string) => Promise<void>;
}

function start(args: readonly string[], overrides: Partial<ChildRequest> = {}): Started {
  let stdout = "";
  let stderr = "";
  const events = new EventTarget();
  const report = runChild({
    command: process.execPath,
    args,
    cwd: folder,
    env: { PATH: process.env["PATH"] },
    signal: new AbortController().signal,
    onStdout: (text) => {
      stdout += text;
      events.dispatchEvent(new Event("text"));
    },
    onStderr: (text) => {
      stderr += text;
    },
    ...overrides,
  });
  const printed = async (text: string) => {
    while (!stdout.includes(text)) await once(events, "text");
  };
  return { report, stdout: () => stdout, stderr: () => stderr, printed };
}

function script(text: string): readonly string[] {
  return ["-e", text];
}

/** A zombie has ended: in a container whose first process collects nobody, it stays listed. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

function interruption(code: "SIGINT" | "SIGTERM"): MlopsError {
  return new MlopsError({ kind: code === "SIGINT" ? "interrupted" : "terminated", code, message: code });
}

describe("runChild", () => {
  it("tells exit codes apart and passes arguments and environment as they are", async () => {
    const child = start(
      [...script("console.log(process.argv[1], process.env.WORD); process.exit(7)"), "a b $HOME 'c'"],
      { env: { PATH: process.env["PATH"], WORD: "ü $x" } },
    );
    expect((await child.report).outcome).toEqual({ kind: "exited", code: 7 });
    expect(child.stdout()).toBe("a b $HOME 'c' ü $x\n");
  });

  it("says that the child died of a signal, and which", async () => {
    const { outcome } = await start(
      script("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)"),
    ).report;
    expect(outcome).toEqual({ kind: "signalled", signal: "SIGKILL" });
  });

  it.each([
    ["no-such-program", "ENOENT", "no-such-program: there is no such program in PATH"],
    ["./missing.sh", "ENOENT", "./missing.sh: there is no such file"],
  ])("says that %s was not started", async (command, systemCode, message) => {
    const { outcome } = await start([], { command }).report;
    expect(outcome).toEqual({ kind: "not-started", systemCode, message });
  });

  it("says that a file that is not executable was not started", async () => {
    await writeFile(path.join(folder, "plain.sh"), "echo hello\n", { mode: 0o644 });
    const { outcome } = await start([], { command: "./plain.sh" }).report;
    expect(outcome).toMatchObject({ kind: "not-started", systemCode: "EACCES" });
  });

  it("names a missing working folder instead of the program", async () => {
    const cwd = path.join(folder, "gone");
    const { outcome } = await start([], { cwd }).report;
    expect(outcome).toMatchObject({ message: `the working folder ${cwd} does not exist` });
  });

  it("reports an argument that no program can take", async () => {
    const { outcome } = await start(["a\0b"]).report;
    expect(outcome).toMatchObject({ kind: "not-started", systemCode: "ERR_INVALID_ARG_VALUE" });
  });

  it("decodes a character that is split over two writes", async () => {
    // The second half is only written once the first has been read.
    const program = `
      process.stdout.write(Buffer.from([0x47, 0xe2, 0x82]), () =>
        setTimeout(() => process.stdout.write(Buffer.from([0xac, 0x21])), 50));`;
    const child = start(script(program));
    await child.report;
    expect(child.stdout()).toBe("G€!");
  });

  it("keeps the last lines of stderr and the last state of a progress bar", async () => {
    const program = `
      for (let i = 0; i < 30; i++) console.error("line " + i);
      process.stderr.write("10%\\r50%\\r100%\\n");
      process.stderr.write("ValueError: no");`;
    const child = start(script(program));
    const { lastStderrLines } = await child.report;
    expect(lastStderrLines).toHaveLength(20);
    expect(lastStderrLines.slice(-3)).toEqual(["line 29", "100%", "ValueError: no"]);
  });

  it("takes megabytes of output whole", async () => {
    const child = start(script("process.stdout.write('x'.repeat(5_000_000) + 'end')"));
    await child.report;
    expect(child.stdout()).toHaveLength(5_000_003);
    expect(child.stdout().endsWith("end")).toBe(true);
  });

  it("reads no further than a slow reader has taken, and still passes all of it on after the child's end", async () => {
    let held = 0;
    let mostHeld = 0;
    let length = 0;
    const { report } = start(script('process.stdout.write("x".repeat(250_000))'), {
      onStdout: async (text) => {
        length += text.length;
        mostHeld = Math.max(mostHeld, ++held);
        // Longer than an abandoned pipe is waited for.
        await delay(700);
        held -= 1;
      },
    });
    expect((await report).outcome).toEqual({ kind: "exited", code: 0 });
    expect(length).toBe(250_000);
    // Node itself lets a paused stream go on once when the child has ended.
    expect(mostHeld).toBeLessThanOrEqual(2);
  });

  it("starts nothing where the signal is aborted already", async () => {
    const { outcome } = await start(script("console.log('no')"), {
      signal: AbortSignal.abort(interruption("SIGINT")),
    }).report;
    expect(outcome).toEqual({ kind: "signalled", signal: "SIGINT" });
  });
});

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
