import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/main.ts";
import { notificationResult } from "../../src/results/notify.ts";
import { botToken, slackAnswer, startReceiver, webhookPath } from "../notify/fake-slack.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";

async function mlops(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = temporaryFolder(),
) {
  const context = testContext({ cwd, env });
  const code = await run(args, context);
  return { code, cwd, ...context.printed() };
}

const gate = {
  command: "gate",
  verdict: "fail",
  checks: [{ metric: "auc", rule: "min", observed: 0.7, limit: 0.8, verdict: "fail" }],
};

describe("mlops notify", () => {
  it("prints the notice where nothing is configured", async () => {
    const done = await mlops(["notify", "--message", "version 3 is live"]);
    expect(done).toMatchObject({ code: 0, stdout: "mlops\nversion 3 is live\n", stderr: "" });
  });

  it("sums result files up, takes the gravest verdict, and names the job", async () => {
    const cwd = temporaryFolder();
    await writeFile(path.join(cwd, "gate.json"), JSON.stringify(gate));
    await writeFile(path.join(cwd, "broken.json"), "{");
    const env = {
      CI_PROJECT_URL: "https://gitlab.example.com/risk/mortality",
      CI_COMMIT_REF_NAME: "main",
      CI_PIPELINE_URL: "https://gitlab.example.com/risk/mortality/-/pipelines/7",
    };
    const args = ["notify", "--from", "gate.json", "--from", "broken.json", "--from", "deployment.json"];
    const done = await mlops(args, env, cwd);
    expect(done.code).toBe(0);
    expect(done.stdout).toBe(
      [
        "FAIL: risk/mortality main",
        "gate: FAIL",
        "  0 of 1 checks passed",
        "  fail: auc min, observed 0.7, limit 0.8",
        "broken.json",
        "  no result: the file is not JSON",
        "deployment.json",
        "  no result: the file is not there",
        "pipeline: https://gitlab.example.com/risk/mortality/-/pipelines/7",
        "",
      ].join("\n"),
    );
    expect(done.stderr).toContain("deployment.json cannot be read");
  });

  it("posts to Slack and writes down what became of it", async () => {
    const slack = await startReceiver(slackAnswer);
    const env = { SLACK_BOT_TOKEN: botToken, SLACK_API_URL: `${slack.url}/api` };
    const args = ["notify", "--message", "live", "--channel", "#ml", "--output-path", "notification.json"];
    const done = await mlops(args, env);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const file = JSON.parse(readFileSync(path.join(done.cwd, "notification.json"), "utf8"));
    expect(notificationResult.parse(file)).toMatchObject({
      verdict: "pass",
      deliveries: [{ channel: "slack-api", delivered: true, messageId: "1503435956.000247" }],
    });
    expect(slack.received).toHaveLength(1);
  });

  it("warns and exits with 0 where the notice is lost, and never shows the address", async () => {
    const slack = await startReceiver(() => [404, `no_service for ${webhookPath}`]);
    const env = { SLACK_WEBHOOK_URL: slack.url + webhookPath };
    const done = await mlops(["notify", "--message", "live", "-v"], env);
    expect(done.code).toBe(0);
    expect(done.stderr).toContain("warning:");
    expect(done.stdout).toContain("not sent to slack-webhook (127.0.0.1:");
    expect(done.stdout + done.stderr).not.toContain("B00000000");
  });

  it.each([
    ["the token is wrong", 6, { SLACK_BOT_TOKEN: "xoxb-wrong-token" }],
    ["the channel does not exist", 2, { SLACK_BOT_TOKEN: botToken, SLACK_CHANNEL: "#nowhere" }],
  ])("fails with --required where %s", async (_title, code, env) => {
    const slack = await startReceiver(slackAnswer);
    const all = { SLACK_CHANNEL: "#ml", SLACK_API_URL: `${slack.url}/api`, ...env };
    const done = await mlops(["notify", "--message", "live", "--required"], all);
    expect(done.stderr).toContain("The notice did not reach slack-api");
    expect(done.code).toBe(code);
  });

  it("fails with 7 with --required where the receiver stays away", async () => {
    const down = await startReceiver(() => [503, ""]);
    const done = await mlops(["notify", "--message", "x", "--required"], {
      MLOPS_WEBHOOK_URL: `${down.url}/in`,
    });
    expect(done).toMatchObject({ code: 7, stdout: "" });
    expect(down.received).toHaveLength(3);
  });

  it("is no reason to fail where a protected variable is missing, and one with --required", async () => {
    const lenient = await mlops(["notify", "--message", "x", "--target", "slack"]);
    expect(lenient).toMatchObject({ code: 0, stderr: expect.stringContaining("SLACK_WEBHOOK_URL") });
    expect(await mlops(["notify", "--message", "x", "--target", "slack", "--required"])).toMatchObject({
      code: 2,
    });
  });

  it("sends nothing with --dry-run, and shows what it would send", async () => {
    const slack = await startReceiver(slackAnswer);
    const env = { SLACK_WEBHOOK_URL: slack.url + webhookPath };
    const done = await mlops(["notify", "--message", "a < b", "--dry-run", "--json"], env);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      messages: [{ channel: "slack-webhook", body: { text: "mlops\na &lt; b" } }],
    });
    expect(slack.received).toEqual([]);
  });

  it("refuses to say nothing", async () => {
    expect(await mlops(["notify"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing to say"),
    });
  });

  it("takes the verdict that it is told", async () => {
    const done = await mlops(["notify", "--message", "x", "--title", "nightly", "--verdict", "blocked"]);
    expect(done.stdout).toBe("BLOCKED: nightly\nx\n");
    expect(await mlops(["notify", "--message", "x", "--verdict", "great"])).toMatchObject({ code: 2 });
  });
});
