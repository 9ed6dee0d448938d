import { describe, expect, it } from "vitest";
import { Redactor, redactedMark } from "../src/redaction.ts";
import { fc } from "./support/fast-check.ts";

const secret = "s3cr3t/v@lue+with=signs";

describe("Redactor", () => {
  const redactor = Redactor.fromEnvironment({
    CI_JOB_TOKEN: secret,
    SHORT_TOKEN: "abc",
    PATH: "/usr/bin",
    KUBE_TOKEN_FILE: "/run/token",
  });

  it.each([
    ["plain", secret],
    ["JSON-escaped", JSON.stringify(`${secret}`)],
    ["percent-encoded", `https://example.com/?t=${encodeURIComponent(secret)}`],
    ["hex", Buffer.from(secret).toString("hex")],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64 of user:secret", Buffer.from(`user:${secret}`).toString("base64")],
    ["base64 one byte further", Buffer.from(`user1:${secret}`).toString("base64")],
    ["base64url two bytes further", Buffer.from(`user12:${secret}`).toString("base64url")],
  ])("replaces a secret that is %s", (_form, text) => {
    const printed = redactor.redact(`before ${text} after`);
    expect(printed).toContain(redactedMark);
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain(text);
    expect(printed.startsWith("before ")).toBe(true);
  });

  it("leaves short values, paths and other variables alone", () => {
    expect(redactor.redact("abc /usr/bin /run/token")).toBe("abc /usr/bin /run/token");
  });

  it("takes the password out of a URL in any variable", () => {
    const fromUrl = Redactor.fromEnvironment({ DATABASE: "postgres://me:p%40ssword1@db/x" });
    expect(fromUrl.redact("p@ssword1 p%40ssword1")).toBe(`${redactedMark} ${redactedMark}`);
  });

  it("replaces the longer of two secrets that share a beginning", () => {
    const two = new Redactor();
    two.add("token-1234");
    two.add("token-1234-extended");
    expect(two.redact("token-1234-extended")).toBe(redactedMark);
  });

  it("holds back exactly what could become a secret in the next chunk", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.integer({ min: 1, max: secret.length - 1 }),
        (before, cut) => {
          const first = before + secret.slice(0, cut);
          const held = redactor.heldBack(first);
          expect(held).toBeGreaterThanOrEqual(cut);
          const rest = first.slice(first.length - held) + secret.slice(cut);
          expect(redactor.redact(first.slice(0, first.length - held)) + redactor.redact(rest)).not.toContain(
            secret,
          );
        },
      ),
    );
  });
});
