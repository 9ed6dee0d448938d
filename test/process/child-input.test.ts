import { describe, expect, it } from "vitest";
import { interruption, script, start } from "./children.ts";

const reader = `
  const crypto = require("node:crypto"), fs = require("node:fs");
  const hash = crypto.createHash("sha256"); let bytes = 0;
  fs.createReadStream("", { fd: 3 }).on("data", (part) => { hash.update(part); bytes += part.length; })
    .on("end", () => console.log(bytes, hash.digest("hex")));
`;

describe("what a child gets on file descriptor 3", () => {
  it("arrives whole, though the producer uses one memory for all pieces", async () => {
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256");
    async function* pieces() {
      const memory = new Uint8Array(3_000_000);
      for (let round = 0; round < 5; round++) {
        memory.fill(round + 1);
        hash.update(memory);
        yield memory;
      }
    }
    const child = start(script(reader), { input: pieces() });
    expect((await child.report).outcome).toEqual({ kind: "exited", code: 0 });
    expect(child.stdout()).toBe(`15000000 ${hash.digest("hex")}\n`);
  });

  it("is given up where the child does not read to its end; the producer is told", async () => {
    let isTold = false;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(1_000_000);
      } finally {
        isTold = true;
      }
    }
    const { outcome } = await start(script("process.exit(5)"), { input: endless() }).report;
    expect([outcome, isTold]).toEqual([{ kind: "exited", code: 5 }, true]);
  });

  it("ends early where the producer fails", async () => {
    async function* failing() {
      yield new Uint8Array(10);
      throw new Error("the table is gone");
    }
    const child = start(script(reader), { input: failing() });
    expect((await child.report).outcome).toEqual({ kind: "exited", code: 0 });
    expect(child.stdout()).toMatch(/^10 /);
  });

  it("does not keep an interrupted child", async () => {
    const stop = new AbortController();
    async function* endless() {
      for (;;) yield new Uint8Array(1_000_000);
    }
    const child = start(script('console.log("ready"); setInterval(() => {}, 1000)'), {
      input: endless(),
      signal: stop.signal,
    });
    await child.printed("ready");
    stop.abort(interruption("SIGTERM"));
    expect((await child.report).outcome).toEqual({ kind: "signalled", signal: "SIGTERM" });
  });
});
