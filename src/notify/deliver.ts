import { createHmac } from "node:crypto";
import { type ErrorKind, MlopsError, messageOf } from "../errors.ts";
import { type Address, parseAddress } from "../http/address.ts";
import type { HttpAnswer } from "../http/answer.ts";
import { openHttpClient } from "../http/client.ts";
import { authoritiesOfEnvironment } from "../http/connection.ts";
import type { RetrySettings } from "../http/retry.ts";
import type { Delivery } from "../results/notify.ts";
import { type Channel, isBoundToOneChannel } from "./channels.ts";
import { type Notice, slackMessage, webhookEvent } from "./message.ts";
import { type Reception, slackApiReception, slackWebhookReception, webhookReception } from "./slack.ts";

export interface Sender {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  now(): Date;
  randomHex(byteCount: number): string;
  /** Takes what must never be printed. */
  readonly addSecret: (secret: string) => void;
}

/** What became of a notice; `kind` says how grave a failure is where notices are required. */
export interface Outcome extends Delivery {
  readonly hint: string | undefined;
  readonly kind: ErrorKind;
}

/** What is sent: the same for a dry run and for the real one. */
export interface Letter {
  /** Behind the host: for webhooks a secret. */
  readonly path: string;
  readonly address: Address;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly messageId: string | undefined;
  readonly read: (answer: HttpAnswer) => Reception;
}

type Remote = Exclude<Channel, { readonly kind: "stdout" | "missing" }>;

/** Three attempts in at most half a minute: a notice is not worth more of a job's time. */
const retry: RetrySettings = {
  maxRetries: 2,
  backoffFactor: 0.25,
  deadlineMs: 30_000,
  maxRetryAfterMs: 10_000,
  respectRetryAfter: true,
};
const timeoutMs = 10_000;
const shortestSecret = 12;

/** Sends the notice. What goes wrong is the outcome, never an error; only the command's own end is thrown. */
export async function deliver(channel: Channel, notice: Notice, sender: Sender): Promise<Outcome> {
  const missing = { host: null, attempts: 0, messageId: null };
  switch (channel.kind) {
    case "stdout":
      return {
        channel: "stdout",
        ...missing,
        delivered: true,
        problem: null,
        hint: undefined,
        kind: "usage",
      };
    case "missing": {
      const { problem, hint, asked } = channel;
      const name = asked === "slack" ? "slack-webhook" : "webhook";
      return { channel: name, ...missing, delivered: false, problem, hint, kind: "usage" };
    }
    case "slack-webhook":
    case "slack-api":
    case "webhook":
      return await post(channel, notice, sender);
  }
}

async function post(channel: Remote, notice: Notice, sender: Sender): Promise<Outcome> {
  let letter: Letter | undefined;
  try {
    letter = write(channel, notice, sender);
    const answer = await send(letter, sender);
    const { problem, hint, kind, messageId } = letter.read(answer);
    return {
      channel: channel.kind,
      host: hostOf(letter.address),
      delivered: problem === undefined,
      attempts: answer.attempts,
      problem: problem === undefined ? null : withoutPath(problem, letter),
      messageId: problem === undefined ? (messageId ?? letter.messageId ?? null) : null,
      hint,
      kind: kind ?? "usage",
    };
  } catch (error) {
    sender.signal.throwIfAborted();
    if (!(error instanceof MlopsError)) throw error;
    return {
      channel: channel.kind,
      host: letter === undefined ? null : hostOf(letter.address),
      delivered: false,
      attempts: letter === undefined ? 0 : 1,
      problem: letter === undefined ? messageOf(error) : withoutPath(messageOf(error), letter),
      messageId: null,
      hint: error.hint,
      kind: error.kind,
    };
  }
}

/** What would be sent to a channel. Throws `usage` for an address that is no URL, without printing it. */
export function write(channel: Remote, notice: Notice, sender: Sender): Letter {
  const place = placeOf(channel, sender);
  switch (channel.kind) {
    case "slack-webhook": {
      const isRoomOurs = channel.room !== undefined && !isBoundToOneChannel(channel.url);
      const body = { ...slackMessage(notice), ...(isRoomOurs ? { channel: channel.room } : {}) };
      return { ...place, body, headers: {}, messageId: undefined, read: slackWebhookReception };
    }
    case "slack-api": {
      sender.addSecret(channel.token);
      const body = {
        channel: channel.room,
        ...slackMessage(notice),
        unfurl_links: false,
        unfurl_media: false,
      };
      return {
        ...place,
        path: `${place.path.replace(/\/+$/, "")}/chat.postMessage`,
        authorization: `Bearer ${channel.token}`,
        body,
        headers: {},
        messageId: undefined,
        read: slackApiReception,
      };
    }
    case "webhook": {
      const id = sender.randomHex(16);
      const body = webhookEvent(notice, { id, sentAt: sender.now().toISOString() });
      const headers = { "x-mlops-event": body.event, "x-mlops-delivery": id, ...signature(channel, body) };
      return { ...place, body, headers, messageId: id, read: webhookReception };
    }
  }
}

/** HMAC-SHA256 over the body as it is sent: the HTTP client serialises JSON without blanks. */
function signature(channel: Remote, body: unknown): Readonly<Record<string, string>> {
  if (channel.kind !== "webhook" || channel.signingSecret === undefined) return {};
  const mac = createHmac("sha256", channel.signingSecret).update(JSON.stringify(body)).digest("hex");
  return { "x-mlops-signature": `sha256=${mac}` };
}

function placeOf(channel: Remote, sender: Sender): Pick<Letter, "path" | "address" | "authorization"> {
  if (!URL.canParse(channel.url)) {
    throw new MlopsError({
      kind: "usage",
      code: "URL_INVALID",
      message: `${channel.setting} is not a URL (${channel.url.length} characters)`,
      hint: "It begins with https://.",
    });
  }
  const address = parseAddress(channel.url, channel.setting);
  const { pathname, search } = new URL(channel.url);
  if (channel.kind !== "slack-api") {
    const parts = [channel.url, pathname, search];
    // A short path is no secret, and redacting "/hook" would blank out innocent text.
    for (const part of parts.filter(({ length }) => length >= shortestSecret)) sender.addSecret(part);
  }
  if (address.secret !== undefined) sender.addSecret(address.secret);
  return {
    // The client prints the base address, so the path, which is the secret, is not part of it.
    address: { ...address, url: address.origin },
    path: `${pathname}${search}`,
    authorization: address.authorization,
  };
}

async function send(letter: Letter, sender: Sender): Promise<HttpAnswer> {
  const client = await openHttpClient({
    address: letter.address,
    server: { title: "The receiver", authHint: "", addressHint: "" },
    env: sender.env,
    signal: sender.signal,
    retry,
    timeoutMs,
    tls: { extraAuthorities: authoritiesOfEnvironment(sender.env) },
    followRedirects: false,
    ...(letter.authorization === undefined ? {} : { authorization: letter.authorization }),
  });
  try {
    // `idempotent`: a notice that comes twice after a broken connection is better than one that never comes.
    return await client.send({
      method: "POST",
      path: letter.path,
      json: letter.body,
      headers: letter.headers,
      retry: "idempotent",
    });
  } finally {
    await client.close();
  }
}

function hostOf(address: Address): string {
  return new URL(address.origin).host;
}

function withoutPath(text: string, letter: Letter): string {
  return letter.path.length < 2 ? text : text.replaceAll(letter.path, "/…");
}
