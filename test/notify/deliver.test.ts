import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { freePort } from "../../src/deploy/probe.ts";
import { type Channel, type ChannelChoice, chooseChannels } from "../../src/notify/channels.ts";
import { deliver, type Sender } from "../../src/notify/deliver.ts";
import type { Notice } from "../../src/notify/message.ts";
import { botToken, slackAnswer, startReceiver, webhookPath } from "./fake-slack.ts";

const notice: Notice = {
  title: "mortality",
  verdict: "pass",
  message: "version 3 is live",
  parts: [{ heading: "gate", verdict: "pass", lines: ["4 of 4 checks passed"] }],
  links: [{ label: "pipeline", url: "https://gitlab.example.com/p/-/pipelines/1" }],
};

function sender(changes: Partial<Sender> = {}): Sender & { readonly secrets: string[] } {
  const secrets: string[] = [];
  return {
    env: {},
    signal: new AbortController().signal,
    now: () => new Date("2026-01-01T00:00:00Z"),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    addSecret: (secret) => void secrets.push(secret),
    secrets,
    ...changes,
  };
}

function one(env: Record<string, string>, changes: Partial<ChannelChoice> = {}): Channel {
  const [first, ...rest] = chooseChannels({ env, target: undefined, room: undefined, ...changes });
  expect(rest).toEqual([]);
  if (first === undefined) throw new Error("no channel");
  return first;
}

describe("the choice of channels", () => {
  it("is stdout where nothing is configured, and all that is configured otherwise", () => {
    const kinds = (env: Record<string, string>) =>
      chooseChannels({ env, target: undefined, room: undefined }).map(({ kind }) => kind);
    expect(kinds({ SLACK_WEBHOOK_URL: "" })).toEqual(["stdout"]);
    expect(kinds({ SLACK_WEBHOOK_URL: "https://a", MLOPS_WEBHOOK_URL: "https://b" })).toEqual([
      "slack-webhook",
      "webhook",
    ]);
  });

  it("prefers the bot where a channel is named", () => {
    const env = { SLACK_WEBHOOK_URL: "https://a", SLACK_BOT_TOKEN: botToken };
    expect(one(env)).toMatchObject({ kind: "slack-webhook" });
    expect(one(env, { room: "#ml" })).toMatchObject({ kind: "slack-api", url: "https://slack.com/api" });
  });

  it("says what is missing where a target was asked for", () => {
    expect(one({}, { target: "slack" })).toMatchObject({
      kind: "missing",
      problem: expect.stringContaining("SLACK_WEBHOOK_URL"),
    });
    expect(one({ SLACK_BOT_TOKEN: botToken })).toMatchObject({
      kind: "missing",
      problem: expect.stringContaining("--channel"),
    });
    expect(one({}, { target: "webhook" })).toMatchObject({
      kind: "missing",
      problem: "MLOPS_WEBHOOK_URL is not set",
    });
  });
});

describe("a Slack webhook", () => {
  it("has taken the notice where it answers ok", async () => {
    const slack = await startReceiver(slackAnswer);
    const outcome = await deliver(one({ SLACK_WEBHOOK_URL: slack.url + webhookPath }), notice, sender());
    expect(outcome).toMatchObject({ channel: "slack-webhook", delivered: true, attempts: 1, problem: null });
    expect(outcome.host).toBe(new URL(slack.url).host);
  });

  it("sends the channel to a self-hosted receiver, which may choose", async () => {
    const mattermost = await startReceiver(() => [200, "ok"]);
    await deliver(
      one({ SLACK_WEBHOOK_URL: `${mattermost.url}/hooks/xyz` }, { room: "ml" }),
      notice,
      sender(),
    );
    expect(mattermost.received[0]?.body["channel"]).toBe("ml");
  });

  it.each([
    ["a page with status 200", [200, "<html>Sign in</html>"], 'not "ok"', "usage"],
    ["an empty body", [200, ""], "an empty body", "usage"],
    ["no_service", [404, "no_service"], "no_service", "usage"],
    ["action_prohibited", [403, "action_prohibited"], "action_prohibited", "not-permitted"],
  ] as const)("has not taken it where it answers %s", async (_title, answer, words, kind) => {
    const slack = await startReceiver(() => answer);
    const outcome = await deliver(one({ SLACK_WEBHOOK_URL: slack.url + webhookPath }), notice, sender());
    expect(outcome).toMatchObject({ delivered: false, kind, problem: expect.stringContaining(words) });
    expect(slack.received).toHaveLength(1);
  });

  it("is asked again after 429, not before Retry-After is over", async () => {
    const times: number[] = [];
    const slack = await startReceiver((request, count) => {
      times.push(performance.now());
      return count === 1 ? [429, "rate_limited", { "retry-after": "1" }] : slackAnswer(request);
    });
    const outcome = await deliver(one({ SLACK_WEBHOOK_URL: slack.url + webhookPath }), notice, sender());
    expect(outcome).toMatchObject({ delivered: true, attempts: 2 });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it("is given up after three attempts, and at once where Retry-After is too long", async () => {
    const down = await startReceiver(() => [503, "service_unavailable"]);
    const env = { SLACK_WEBHOOK_URL: down.url + webhookPath };
    expect(await deliver(one(env), notice, sender())).toMatchObject({
      delivered: false,
      attempts: 3,
      kind: "unavailable",
    });
    expect(down.received).toHaveLength(3);
    const busy = await startReceiver(() => [429, "", { "retry-after": "3600" }]);
    const patient = await deliver(one({ SLACK_WEBHOOK_URL: busy.url + webhookPath }), notice, sender());
    expect(patient).toMatchObject({ delivered: false, attempts: 1 });
  });

  it("never shows its path, whatever goes wrong", async () => {
    const echo = await startReceiver((request) => [500, `no handler for ${request.path}`]);
    const to = sender();
    const failed = await deliver(one({ SLACK_WEBHOOK_URL: echo.url + webhookPath }), notice, to);
    const unreachable = await deliver(
      one({ SLACK_WEBHOOK_URL: `http://127.0.0.1:${await freePort()}${webhookPath}` }),
      notice,
      sender(),
    );
    const malformed = await deliver(
      one({ SLACK_WEBHOOK_URL: `hooks.slack.com${webhookPath}` }),
      notice,
      sender(),
    );
    for (const outcome of [failed, unreachable, malformed]) {
      expect(outcome.delivered).toBe(false);
      expect(JSON.stringify(outcome)).not.toContain("B00000000");
    }
    expect(unreachable).toMatchObject({ kind: "unavailable" });
    expect(malformed).toMatchObject({
      kind: "usage",
      problem: expect.stringContaining("SLACK_WEBHOOK_URL is not a URL"),
    });
    expect(to.secrets).toContain(webhookPath);
  });
});

describe("chat.postMessage", () => {
  const env = (url: string) => ({ SLACK_BOT_TOKEN: botToken, SLACK_API_URL: `${url}/api/` });

  it("has posted where it answers ok:true, and gives the message's id", async () => {
    const slack = await startReceiver(slackAnswer);
    const outcome = await deliver(one(env(slack.url), { room: "#ml" }), notice, sender());
    expect(outcome).toMatchObject({ channel: "slack-api", delivered: true, messageId: "1503435956.000247" });
  });

  it("has not posted where it answers 200 with ok:false", async () => {
    const slack = await startReceiver(slackAnswer);
    const outcome = await deliver(one(env(slack.url), { room: "#nowhere" }), notice, sender());
    expect(outcome).toMatchObject({
      delivered: false,
      problem: "it answered 200: channel_not_found",
      kind: "usage",
    });
    expect(outcome.hint).toContain("--channel");
  });

  it("says that the token is wrong, without showing it", async () => {
    const slack = await startReceiver(slackAnswer);
    const wrong = { ...env(slack.url), SLACK_BOT_TOKEN: "xoxb-wrong-token" };
    const to = sender();
    const outcome = await deliver(one(wrong, { room: "#ml" }), notice, to);
    expect(outcome).toMatchObject({
      delivered: false,
      kind: "not-permitted",
      hint: "Check SLACK_BOT_TOKEN.",
    });
    expect(JSON.stringify(outcome)).not.toContain("xoxb-wrong-token");
    expect(to.secrets).toContain("xoxb-wrong-token");
  });
});

describe("a generic webhook", () => {
  it("gets the event, signed over the bytes as they were sent", async () => {
    const receiver = await startReceiver(() => [204, ""]);
    const env = { MLOPS_WEBHOOK_URL: `${receiver.url}/in?key=a%2Bb`, MLOPS_WEBHOOK_SECRET: "shared-secret" };
    const outcome = await deliver(one(env), { ...notice, message: "Größe ≥ 3" }, sender());
    const [request] = receiver.received;
    const mac = createHmac("sha256", "shared-secret")
      .update(request?.raw ?? "")
      .digest("hex");
    expect(request?.headers["x-mlops-signature"]).toBe(`sha256=${mac}`);
    expect(request?.headers["x-mlops-event"]).toBe("notice");
    expect(request?.headers["x-mlops-delivery"]).toBe(outcome.messageId);
    expect(request?.path).toBe("/in?key=a%2Bb");
    expect(request?.body).toMatchObject({ schemaVersion: 1, verdict: "pass", message: "Größe ≥ 3" });
    expect(outcome).toMatchObject({ delivered: true });
  });

  it("keeps the delivery id when it is asked again, so that the receiver can tell", async () => {
    const receiver = await startReceiver((_request, count) => (count === 1 ? [502, ""] : [200, ""]));
    await deliver(one({ MLOPS_WEBHOOK_URL: receiver.url }), notice, sender());
    const ids = receiver.received.map(({ headers }) => headers["x-mlops-delivery"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("is not followed where it redirects", async () => {
    const other = await startReceiver(() => [200, ""]);
    const receiver = await startReceiver(() => [308, "", { location: `${other.url}/elsewhere` }]);
    const outcome = await deliver(one({ MLOPS_WEBHOOK_URL: receiver.url }), notice, sender());
    expect(outcome).toMatchObject({ delivered: false, problem: expect.stringContaining("redirect") });
    expect(other.received).toEqual([]);
  });

  it("does not carry a signature without a secret", async () => {
    const receiver = await startReceiver(() => [200, ""]);
    await deliver(one({ MLOPS_WEBHOOK_URL: receiver.url }), notice, sender());
    expect(receiver.received[0]?.headers).not.toHaveProperty("x-mlops-signature");
  });
});

it("ends with the command's own reason when that is being ended", async () => {
  const abort = new AbortController();
  const reason = new Error("Terminated");
  const receiver = await startReceiver(() => {
    abort.abort(reason);
    return [503, ""];
  });
  const sending = deliver(one({ MLOPS_WEBHOOK_URL: receiver.url }), notice, sender({ signal: abort.signal }));
  await expect(sending).rejects.toBe(reason);
});
