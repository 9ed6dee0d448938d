import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** Written from Slack's reference of Block Kit and its limits; refuses every field that is not listed. */
const plain = z.strictObject({
  type: z.literal("plain_text"),
  text: z.string().min(1).max(150),
  emoji: z.boolean(),
});
const markdown = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z.string().min(1).max(3000),
  verbatim: z.boolean(),
});
const blocks = z
  .array(
    z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("header"), text: plain }),
      z.strictObject({ type: z.literal("section"), text: markdown }),
      z.strictObject({ type: z.literal("context"), elements: z.array(markdown).min(1).max(10) }),
    ]),
  )
  .max(50);
const webhookBody = z.strictObject({ text: z.string().min(1).max(40_000), blocks });
const postBody = z.strictObject({
  ...webhookBody.shape,
  channel: z.string(),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
});

export const webhookPath = "/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx";
export const botToken = "xoxb-1234567890-abcdefghij";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: Record<string, unknown>;
}

export interface FakeReceiver {
  readonly url: string;
  readonly received: Received[];
}

/** A canned answer: status, body, headers. */
export type Canned = readonly [status: number, body: string, headers?: Record<string, string>];

/** A server on loopback; `answer` sees each request. It is closed when the test ends. */
export async function startReceiver(
  answer: (request: Received, count: number) => Canned,
): Promise<FakeReceiver> {
  const received: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      const one: Received = { path: request.url ?? "", headers: request.headers, raw, body: JSON.parse(raw) };
      received.push(one);
      const [status, body, headers] =
        request.method === "POST" ? answer(one, received.length) : [405, "", {}];
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Slack as its reference describes it: one webhook, and chat.postMessage with one bot that is in one channel. */
export function slackAnswer({ path, headers, body }: Received): Canned {
  if (path === webhookPath) {
    if (headers["content-type"] !== "application/json") return [400, "invalid_payload"];
    return webhookBody.safeParse(body).success ? [200, "ok"] : [400, "invalid_payload"];
  }
  if (path.startsWith("/services/")) return [404, "no_service"];
  if (path !== "/api/chat.postMessage") return [404, "<html>not Slack</html>"];
  const json = (value: unknown): Canned => [
    200,
    JSON.stringify(value),
    { "content-type": "application/json" },
  ];
  if (headers.authorization !== `Bearer ${botToken}`) return json({ ok: false, error: "invalid_auth" });
  const parsed = postBody.safeParse(body);
  if (!parsed.success) return json({ ok: false, error: "invalid_arguments" });
  if (parsed.data.channel !== "#ml") return json({ ok: false, error: "channel_not_found" });
  return json({ ok: true, channel: "C1", ts: "1503435956.000247" });
}
