import type { ErrorKind } from "../errors.ts";
import type { HttpAnswer } from "../http/answer.ts";

/** Undefined fields mean delivered. */
export interface Reception {
  readonly problem: string | undefined;
  readonly hint?: string;
  readonly kind?: ErrorKind;
  readonly messageId?: string;
}

/** What Slack's error words mean for whoever has to mend it. docs.slack.dev: incoming webhooks, chat.postMessage. */
const meanings: Readonly<Record<string, readonly [ErrorKind, string]>> = {
  no_service: ["usage", "The webhook was removed or switched off: make a new one and set SLACK_WEBHOOK_URL."],
  no_active_hooks: ["usage", "The webhook was switched off: make a new one and set SLACK_WEBHOOK_URL."],
  no_team: ["usage", "The webhook's workspace is gone: make a new one and set SLACK_WEBHOOK_URL."],
  invalid_token: [
    "not-permitted",
    "The webhook's address is not complete or was revoked: check SLACK_WEBHOOK_URL.",
  ],
  channel_is_archived: ["usage", "The channel is archived: choose another one."],
  is_archived: ["usage", "The channel is archived: choose another --channel."],
  channel_not_found: ["usage", "Check --channel; the bot sees a private channel only as its member."],
  not_in_channel: ["not-permitted", "Invite the bot to the channel: /invite @<bot>."],
  action_prohibited: ["not-permitted", "An administrator of the workspace does not allow this post."],
  posting_to_general_channel_denied: [
    "not-permitted",
    "Only administrators may post there: choose another channel.",
  ],
  restricted_action: ["not-permitted", "The workspace does not allow this post."],
  missing_scope: ["not-permitted", "The bot needs the scope chat:write."],
  not_authed: ["not-permitted", "Check SLACK_BOT_TOKEN."],
  invalid_auth: ["not-permitted", "Check SLACK_BOT_TOKEN."],
  account_inactive: ["not-permitted", "The bot's account was switched off: make a new SLACK_BOT_TOKEN."],
  token_revoked: ["not-permitted", "SLACK_BOT_TOKEN was revoked: make a new one."],
  token_expired: ["not-permitted", "SLACK_BOT_TOKEN has expired: make a new one."],
  not_allowed_token_type: ["not-permitted", "SLACK_BOT_TOKEN must be a bot token (xoxb-…)."],
  ratelimited: ["unavailable", "Slack takes about one message a second and channel: try again later."],
  internal_error: ["unavailable", "Slack has trouble: try again later."],
  fatal_error: ["unavailable", "Slack has trouble: try again later."],
  service_unavailable: ["unavailable", "Slack has trouble: try again later."],
};

/** An incoming webhook has taken the message where it answers 200 with the body `ok`, and only then. */
export function slackWebhookReception(answer: HttpAnswer): Reception {
  const text = answer.text.trim();
  if (answer.status === 200 && text === "ok") return { problem: undefined };
  const words = shorten(text) || "an empty body";
  return {
    problem: `it answered ${answer.status} and ${JSON.stringify(words)}, not "ok"`,
    ...meaningOf(answer, text),
  };
}

/** chat.postMessage has posted where it answers 200 with `ok: true`; errors come with status 200 as well. */
export function slackApiReception(answer: HttpAnswer): Reception {
  const body = parseRecord(answer.text);
  if (answer.status === 200 && body?.["ok"] === true) {
    return typeof body["ts"] === "string"
      ? { problem: undefined, messageId: body["ts"] }
      : { problem: undefined };
  }
  const error = typeof body?.["error"] === "string" ? body["error"] : "";
  const words = error === "" ? JSON.stringify(shorten(answer.text) || "an empty body") : error;
  return { problem: `it answered ${answer.status}: ${words}`, ...meaningOf(answer, error) };
}

/** A generic webhook has taken the event where it answers 2xx. A redirect is not followed: the event was not taken. */
export function webhookReception(answer: HttpAnswer): Reception {
  if (answer.status >= 200 && answer.status < 300) return { problem: undefined };
  if (answer.status >= 300 && answer.status < 400) {
    const location = answer.headers["location"] ?? "";
    const host = URL.canParse(location) ? ` to ${new URL(location).host}` : "";
    return {
      problem: `it answered ${answer.status}, a redirect${host}, which is not followed`,
      hint: "Set MLOPS_WEBHOOK_URL to the final address.",
      kind: "usage",
    };
  }
  const words = shorten(answer.text);
  const problem = `it answered ${answer.status}${words === "" ? "" : `: ${words}`}`;
  return { problem, ...meaningOf(answer, "") };
}

function meaningOf(answer: HttpAnswer, word: string): { readonly kind: ErrorKind; readonly hint?: string } {
  const known = meanings[word];
  if (known !== undefined) return { kind: known[0], hint: known[1] };
  if (answer.status === 401 || answer.status === 403) return { kind: "not-permitted" };
  if (answer.status === 429 || answer.status >= 500) return { kind: "unavailable" };
  return { kind: "usage" };
}

function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined;
  } catch {
    // A proxy's page, or nothing: the caller shows what was there.
    return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
