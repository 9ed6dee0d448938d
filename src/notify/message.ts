import type { Verdict } from "../results/core.ts";

/** What one stage of the pipeline has to say. */
export interface NoticePart {
  readonly heading: string;
  readonly verdict: Verdict | undefined;
  readonly lines: readonly string[];
}

/** One event, before it is written for anybody in particular. All texts are plain: no markup, nothing escaped. */
export interface Notice {
  readonly title: string;
  readonly verdict: Verdict | undefined;
  readonly message: string | undefined;
  readonly parts: readonly NoticePart[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/** Limits of Slack's Block Kit reference. The whole is not documented: bolt-js #2509 saw refusals from about 13 200 on. */
const limits = { header: 150, section: 3000, blocks: 50, total: 12_000, text: 3000 } as const;

const wordOf: Readonly<Record<Verdict, string>> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
  error: "ERROR",
  blocked: "BLOCKED",
};

/** The notice as a person reads it in a job log or a terminal. */
export function plainText(notice: Notice): string {
  const lines = [headline(notice)];
  if (notice.message !== undefined) lines.push(notice.message);
  for (const part of notice.parts) lines.push(partHeading(part), ...part.lines.map((line) => `  ${line}`));
  for (const { label, url } of notice.links) lines.push(`${label}: ${url}`);
  return lines.join("\n");
}

type SlackText =
  | { readonly type: "plain_text"; readonly text: string; readonly emoji: false }
  | { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

export type SlackBlock =
  | { readonly type: "header" | "section"; readonly text: SlackText }
  | { readonly type: "context"; readonly elements: readonly SlackText[] };

export interface SlackMessage {
  /** Shown in notifications, and by receivers that know no blocks (Mattermost). */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** The notice for Slack: within the limits of blocks, escaped, and without a mention that would ring somebody. */
export function slackMessage(notice: Notice): SlackMessage {
  const blocks: SlackBlock[] = [
    {
      type: "header",
      text: { type: "plain_text", text: cut(noMentions(headline(notice)), limits.header), emoji: false },
    },
  ];
  let leftCharacters = limits.total - limits.header;
  const add = (text: string, kind: "section" | "context") => {
    if (text === "" || blocks.length >= limits.blocks || leftCharacters <= 1) return;
    const element = mrkdwn(cut(text, Math.min(limits.section, leftCharacters)));
    leftCharacters -= element.text.length;
    blocks.push(kind === "section" ? { type: kind, text: element } : { type: kind, elements: [element] });
  };
  if (notice.message !== undefined) add(slackEscape(notice.message), "section");
  const links = notice.links.map(({ label, url }) => slackLink(label, url)).join("  |  ");
  // The links must arrive, however long the rest is.
  leftCharacters -= links.length;
  for (const part of notice.parts) {
    const lines = part.lines.map((line) => `• ${slackEscape(line)}`);
    add([`*${slackEscape(partHeading(part))}*`, ...lines].join("\n"), "section");
    if (blocks.length >= limits.blocks - 1) break;
  }
  leftCharacters += links.length;
  add(links, "context");
  return { text: cut(slackEscape(plainText(notice)), limits.text), blocks };
}

function mrkdwn(text: string): SlackText {
  // verbatim: names and addresses in the text are not turned into links by Slack.
  return { type: "mrkdwn", text, verbatim: true };
}

/** https://docs.slack.dev/messaging/formatting-message-text: & < > are the characters that must be escaped. */
function slackEscape(text: string): string {
  return noMentions(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Mattermost acts on a bare @channel; a zero-width space after the @ keeps the word readable and the people asleep. */
function noMentions(text: string): string {
  return text.replace(/@(?=(channel|here|all|everyone)\b)/gi, "@\u200b");
}

function slackLink(label: string, url: string): string {
  const target = url
    .replaceAll("&", "&amp;")
    .replaceAll("<", "%3C")
    .replaceAll(">", "%3E")
    .replaceAll("|", "%7C");
  return `<${target}|${slackEscape(label).replaceAll("|", "/")}>`;
}

export interface WebhookEvent {
  readonly schemaVersion: 1;
  readonly event: "notice";
  readonly id: string;
  readonly sentAt: string;
  readonly title: string;
  readonly verdict: Verdict | null;
  readonly message: string | null;
  readonly parts: readonly {
    readonly heading: string;
    readonly verdict: Verdict | null;
    readonly lines: readonly string[];
  }[];
  readonly links: Notice["links"];
  readonly text: string;
}

/** The notice for programs. */
export function webhookEvent(
  notice: Notice,
  sending: { readonly id: string; readonly sentAt: string },
): WebhookEvent {
  return {
    schemaVersion: 1,
    event: "notice",
    ...sending,
    title: notice.title,
    verdict: notice.verdict ?? null,
    message: notice.message ?? null,
    parts: notice.parts.map((part) => ({ ...part, verdict: part.verdict ?? null })),
    links: notice.links,
    text: plainText(notice),
  };
}

/** At most `length` UTF-16 units; the cut never falls into an escape (`&amp;`), a link or a character pair. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text
    .slice(0, length - 1)
    .replace(/[\uD800-\uDBFF]$/, "")
    .replace(/&[a-z]*$/, "")
    .replace(/<[^>]*$/, "");
  return `${kept}…`;
}

function headline({ title, verdict }: Notice): string {
  const word = verdict === undefined ? "" : `${wordOf[verdict]}: `;
  return `${word}${title.replace(/\s+/g, " ")}`;
}

function partHeading({ heading, verdict }: NoticePart): string {
  return verdict === undefined ? heading : `${heading}: ${wordOf[verdict]}`;
}
