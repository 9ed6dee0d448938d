import { describe, expect, it } from "vitest";
import { askJson, on } from "./requests.ts";

describe("bad answers", () => {
  it("401 is not-permitted, is not repeated, and says what to set", async () => {
    const error = await askJson([{ on, status: 401, body: "You are not authenticated" }]);
    expect(error).toMatchObject({
      kind: "not-permitted",
      code: "NOT_AUTHENTICATED",
      hint: "Set TEST_TOKEN.",
    });
    expect(error.message).toMatch(
      /answered GET http:\/\/127\.0\.0\.1:\d+\/x with 401: You are not authenticated/,
    );
  });

  it("403 is not-permitted, with what the server says in GitLab's shape", async () => {
    const body = { error: "insufficient_scope", error_description: "The request requires higher privileges" };
    const error = await askJson([{ on, status: 403, body }]);
    expect(error).toMatchObject({ kind: "not-permitted", code: "NOT_PERMITTED" });
    expect(error.message).toContain("requires higher privileges");
  });

  it("an HTML page with 502 is named by its title, after retries", async () => {
    const page = "<html><head><title>502 Bad\nGateway</title></head><body>nginx</body></html>";
    const error = await askJson([1, 2, 3].map(() => ({ on, status: 502, body: page })));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toContain('502 and an HTML page titled "502 Bad Gateway" (3 attempts)');
  });

  it("an HTML login page with 200 is no JSON", async () => {
    const error = await askJson([{ on, body: "<!doctype html><title>Sign in</title>" }]);
    expect(error).toMatchObject({ kind: "usage", code: "ANSWER_NOT_JSON", hint: "Check the address." });
    expect(error.message).toContain('titled "Sign in"');
  });

  it("JSON of another shape names the field", async () => {
    const error = await askJson([{ on, body: { value: "x" } }]);
    expect(error).toMatchObject({ kind: "not-evaluable", code: "ANSWER_UNEXPECTED" });
    expect(error.message).toContain("value:");
  });

  it("a long message with line breaks is shortened to one line", async () => {
    const body = { error_code: "BAD_REQUEST", message: `(sqlite)\n${"SELECT ".repeat(500)}` };
    const error = await askJson([{ on, status: 400, body }]);
    expect(error.kind).toBe("usage");
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toContain("\n");
  });

  it("a message that is a list of texts, or missing, is read", async () => {
    const list = await askJson([{ on, status: 400, body: { message: ["a is bad", "b is bad"] } }]);
    expect(list.message).toContain("400: a is bad; b is bad.");
    const none = await askJson([{ on, status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } }]);
    expect(none.message).toContain("404: RESOURCE_DOES_NOT_EXIST.");
  });
});
