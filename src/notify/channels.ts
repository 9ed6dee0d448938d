type Env = Readonly<Record<string, string | undefined>>;

/** Where a notice goes. Addresses with a secret in them are never printed: only their host is. */
export type Channel =
  | { readonly kind: "stdout" }
  | {
      readonly kind: "slack-webhook";
      readonly url: string;
      readonly setting: "SLACK_WEBHOOK_URL";
      /** Only sent to receivers that let a webhook choose: Mattermost does, Slack does not. */
      readonly room: string | undefined;
    }
  | {
      readonly kind: "slack-api";
      readonly url: string;
      readonly setting: "SLACK_API_URL";
      readonly token: string;
      readonly room: string;
    }
  | {
      readonly kind: "webhook";
      readonly url: string;
      readonly setting: "MLOPS_WEBHOOK_URL";
      readonly signingSecret: string | undefined;
    }
  /** Asked for, but something that it needs is missing. */
  | {
      readonly kind: "missing";
      readonly asked: "slack" | "webhook";
      readonly problem: string;
      readonly hint: string;
    };

export interface ChannelChoice {
  readonly env: Env;
  /** Undefined: everything that is configured, else stdout. */
  readonly target: "stdout" | "slack" | "webhook" | undefined;
  /** The Slack channel. */
  readonly room: string | undefined;
}

const slackApi = "https://slack.com/api";
/** Their webhooks are bound to one channel. */
const slackHosts = ["hooks.slack.com", "hooks.slack-gov.com"];

/** The channels that a notice goes to. Pure; settings come from the environment only, since they are secrets. */
export function chooseChannels(choice: ChannelChoice): readonly Channel[] {
  const { env, target } = choice;
  const read = (name: string) => (env[name]?.trim() === "" ? undefined : env[name]?.trim());
  if (target === "stdout") return [{ kind: "stdout" }];
  const channels: Channel[] = [];
  const hasSlack = read("SLACK_WEBHOOK_URL") !== undefined || read("SLACK_BOT_TOKEN") !== undefined;
  if (target === "slack" || (target === undefined && hasSlack))
    channels.push(slackChannel(read, choice.room));
  const url = read("MLOPS_WEBHOOK_URL");
  if (url !== undefined && target !== "slack") {
    const signingSecret = read("MLOPS_WEBHOOK_SECRET");
    channels.push({ kind: "webhook", url, setting: "MLOPS_WEBHOOK_URL", signingSecret });
  } else if (target === "webhook") {
    channels.push({
      kind: "missing",
      asked: "webhook",
      problem: "MLOPS_WEBHOOK_URL is not set",
      hint: "Set it as a masked variable; a protected variable is missing on unprotected branches.",
    });
  }
  return channels.length === 0 ? [{ kind: "stdout" }] : channels;
}

/** A bot can post anywhere, a webhook into its own channel: the bot goes first where a channel is named. */
function slackChannel(read: (name: string) => string | undefined, room: string | undefined): Channel {
  const url = read("SLACK_WEBHOOK_URL");
  const token = read("SLACK_BOT_TOKEN");
  if (token !== undefined && room !== undefined) {
    return {
      kind: "slack-api",
      url: read("SLACK_API_URL") ?? slackApi,
      setting: "SLACK_API_URL",
      token,
      room,
    };
  }
  if (url !== undefined) return { kind: "slack-webhook", url, setting: "SLACK_WEBHOOK_URL", room };
  return {
    kind: "missing",
    asked: "slack",
    problem:
      token === undefined
        ? "neither SLACK_WEBHOOK_URL nor SLACK_BOT_TOKEN is set"
        : "SLACK_BOT_TOKEN is set, but there is no --channel to post to",
    hint: "Set SLACK_WEBHOOK_URL, or SLACK_BOT_TOKEN and --channel; protected variables are missing on unprotected branches.",
  };
}

/** True where a webhook of this host posts to its own channel, whatever the message says. */
export function isBoundToOneChannel(url: string): boolean {
  return URL.canParse(url) && slackHosts.includes(new URL(url).hostname);
}
