import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { interruption, script, start } from "./children.ts";

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
    const cwd = temporaryFolder();
    await writeFile(path.join(cwd, "plain.sh"), "echo hello\n", { mode: 0o644 });
    const { outcome } = await start([], { command: "./plain.sh", cwd }).report;
    expect(outcome).toMatchObject({ kind: "not-started", systemCode: "EACCES" });
  });

  it("names a missing working folder instead of the program", async () => {
    const cwd = path.join(temporaryFolder(), "gone");
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
