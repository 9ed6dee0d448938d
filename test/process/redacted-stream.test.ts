import { describe, expect, it } from "vitest";
import { redactedStream } from "../../src/process/redacted-stream.ts";
import { Redactor } from "../../src/redaction.ts";
import { fc } from "../support/fast-check.ts";

function redactorOf(...secrets: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

function collect(redactor: Redactor, pieces: readonly string[]): string {
  let written = "";
  const stream = redactedStream({ redactor, write: (text) => (written += text) });
  for (const piece of pieces) stream.push(piece);
  stream.end();
  return written;
}

describe("redactedStream", () => {
  it("finds a secret wherever it is split", () => {
    const secret = "glpat-Abc123xyz";
    for (let cut = 1; cut < secret.length; cut++) {
      const written = collect(redactorOf(secret), [`a ${secret.slice(0, cut)}`, `${secret.slice(cut)} b`]);
      expect(written).toBe("a [REDACTED] b");
    }
  });

  it("finds the base64 form of a secret that comes character by character", () => {
    const encoded = Buffer.from("user:s3cret-pass").toString("base64");
    const written = collect(redactorOf("s3cret-pass"), [...`Basic ${encoded}\n`]);
    expect(written).toContain("[REDACTED]");
    expect(Buffer.from(written.replace("Basic ", ""), "base64").toString()).not.toContain("s3cret");
  });

  it("does not cut through a whole secret that ends with its own beginning", () => {
    expect(collect(redactorOf("abcabc"), ["x abcabc", " y"])).toBe("x [REDACTED] y");
  });

  it("prefers the longer of two secrets that begin alike", () => {
    expect(collect(redactorOf("secret12", "secret12345"), ["secret12", "345 end"])).toBe("[REDACTED] end");
  });

  it("writes what cannot be a secret at once", () => {
    const written: string[] = [];
    const stream = redactedStream({
      redactor: redactorOf("tok-123456"),
      write: (text) => written.push(text),
    });
    stream.push("\r 45% ###");
    expect(written).toEqual(["\r 45% ###"]);
  });

  it("holds the beginning of a secret back for a short time only", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const stream = redactedStream({
      redactor: redactorOf("tok-123456"),
      write: resolve,
      maximumDelayMs: 20,
    });
    stream.push("tok");
    // The timer does not keep a process alive by itself; the test's own does.
    const guard = setTimeout(() => resolve("nothing came"), 5000);
    expect(await promise).toBe("tok");
    clearTimeout(guard);
  });

  it("writes the same for every way of cutting a text", () => {
    const redactor = redactorOf("abcab-abcab", "bca-b1-abc");
    const text = fc
      .array(fc.constantFrom("abcab-abcab", "bca-b1-abc", "abc", "-", "a", "b", " "), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b),
          whole.length,
        ];
        const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end));
        const written = collect(redactor, pieces);
        expect(written).not.toContain("abcab-abcab");
        expect(written).not.toContain("bca-b1-abc");
        if (redactor.redact(whole) === whole) expect(written).toBe(whole);
      }),
    );
  });
});
