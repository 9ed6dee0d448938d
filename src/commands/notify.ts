import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError, messageOf } from "../errors.ts";
import { jobFacts } from "../gitlab/variables.ts";
import type { Channel } from "../notify/channels.ts";
import type { Outcome, Sender } from "../notify/deliver.ts";
import type { Notice, NoticePart } from "../notify/message.ts";
import type { ResultInput, Verdict } from "../results/core.ts";
import type { NotificationResult } from "../results/notify.ts";

const flags = {
  message: { kind: "string", value: "TEXT", summary: "what to say" },
  title: { kind: "string", value: "TEXT", summary: "first line (default: project and branch)" },
  from: {
    kind: "path-list",
    value: "FILE",
    summary: "result file to sum up, e.g. gate.json deployment.json",
  },
  verdict: {
    kind: "string",
    value: "WORD",
    choices: ["pass", "fail", "inconclusive", "error", "blocked"],
    summary: "verdict of the whole (default: the gravest of the result files)",
  },
  target: {
    kind: "string",
    value: "TARGET",
    choices: ["stdout", "slack", "webhook"],
    summary: "where to (default: all that is configured, else stdout)",
  },
  channel: {
    kind: "string",
    value: "NAME",
    env: ["SLACK_CHANNEL"],
    summary: "Slack channel, for SLACK_BOT_TOKEN",
  },
  required: { kind: "boolean", summary: "fail where the notice is not delivered" },
  outputPath: { kind: "path", value: "FILE", summary: "write the result here, too" },
} as const;

type Input = CommandInput<OptionsOf<typeof flags>, undefined>;

export const notifyCommand = defineCommand({
  name: "notify",
  summary: "tell people what happened, by Slack, a webhook or the job log",
  description: [
    "Addresses and tokens come from the environment only: SLACK_WEBHOOK_URL (incoming webhook of Slack or Mattermost), " +
      "SLACK_BOT_TOKEN with --channel (chat.postMessage; SLACK_API_URL for another server), MLOPS_WEBHOOK_URL (any " +
      "receiver of JSON; signed with MLOPS_WEBHOOK_SECRET in X-Mlops-Signature). They are never printed.",
    "A notice that is not delivered is a warning and exit 0, unless --required.",
  ].join("\n\n"),
  examples: [
    'mlops notify --message "mortality 3 is live"',
    "mlops notify --channel '#ml-releases' --from gate.json --from deployment.json",
    "mlops notify --target webhook --from gate.json --required",
  ],
  flags,
  run,
});

async function run(input: Input, context: Context): Promise<CommandResult> {
  const startedAt = context.now();
  const { options } = input;
  const { notice, inputs } = await readNotice(input, context);
  const { chooseChannels, isBoundToOneChannel } = await import("../notify/channels.ts");
  const { plainText } = await import("../notify/message.ts");
  const channels = chooseChannels({
    env: context.env,
    target: targetOf(options.target),
    room: options.channel,
  });
  if (channels.some((one) => one.kind === "slack-webhook" && one.room && isBoundToOneChannel(one.url))) {
    context.report.warn("--channel has no effect: an incoming webhook of Slack posts to its own channel.");
  }
  if (options.dryRun) return await dryRun(notice, channels, context);
  const { deliver } = await import("../notify/deliver.ts");
  const sender = senderOf(context);
  const outcomes: Outcome[] = [];
  for (const channel of channels) outcomes.push(await deliver(channel, notice, sender));
  const { programVersion } = await import("../version.ts");
  const { resultHead } = await import("../results/head.ts");
  const lost = outcomes.filter(({ delivered }) => !delivered);
  const result: NotificationResult = {
    ...resultHead({
      version: await programVersion(),
      command: "notify",
      verdict: lost.length > 0 && options.required ? "error" : "pass",
      startedAt,
      finishedAt: context.now(),
      inputs,
    }),
    notice: { title: notice.title, verdict: notice.verdict ?? null, text: plainText(notice) },
    deliveries: outcomes.map(({ hint: _hint, kind: _kind, ...delivery }) => delivery),
  };
  if (options.outputPath !== undefined) {
    const { writeJsonFile } = await import("../files.ts");
    const { default: path } = await import("node:path");
    await writeJsonFile(path.resolve(context.cwd, options.outputPath), result);
  }
  reportLost(lost, { isRequired: options.required, context });
  const text = [result.notice.text, ...outcomes.flatMap(deliveryLine)].join("\n");
  return { exitCode: exitCodes.positive, json: result, text };
}

async function readNotice(
  { options }: Input,
  context: Context,
): Promise<{ readonly notice: Notice; readonly inputs: readonly ResultInput[] }> {
  if (options.message === undefined && options.from.length === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "MESSAGE_MISSING",
      message: "There is nothing to say: neither --message nor --from is given.",
      hint: 'mlops notify --message "mortality 3 is live" --from gate.json',
    });
  }
  const { gravest } = await import("../notify/summary.ts");
  const parts: NoticePart[] = [];
  const inputs: ResultInput[] = [];
  for (const file of options.from) {
    const { part, input } = await readPart(file, context);
    parts.push(part);
    if (input !== undefined) inputs.push(input);
  }
  const facts = jobFacts(context.env);
  const links = [
    ...(facts.pipelineUrl === undefined ? [] : [{ label: "pipeline", url: facts.pipelineUrl }]),
    ...(facts.jobUrl === undefined ? [] : [{ label: "job", url: facts.jobUrl }]),
  ];
  const verdict = verdictOf(options.verdict) ?? gravest(parts.map((part) => part.verdict));
  const title = options.title ?? defaultTitle(facts);
  return { notice: { title, verdict, message: options.message, parts, links }, inputs };
}

/** A stage that never ran leaves no file: that is news, and no reason to keep the rest from being told. */
async function readPart(
  file: string,
  context: Context,
): Promise<{ readonly part: NoticePart; readonly input?: ResultInput }> {
  const { readFile } = await import("node:fs/promises");
  const { createHash } = await import("node:crypto");
  const { default: path } = await import("node:path");
  const { summarise } = await import("../notify/summary.ts");
  const name = path.basename(file);
  let content: Buffer;
  try {
    content = await readFile(path.resolve(context.cwd, file));
  } catch (error) {
    context.report.warn(`${file} cannot be read: ${messageOf(error)}`);
    return { part: { heading: name, verdict: undefined, lines: ["no result: the file is not there"] } };
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  const input: ResultInput = { role: "result", uri: file, sha256, sizeBytes: content.length };
  try {
    return { part: summarise(name, JSON.parse(content.toString("utf8"))), input };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.report.warn(`${file} is not JSON: ${error.message}`);
    return { part: { heading: name, verdict: undefined, lines: ["no result: the file is not JSON"] }, input };
  }
}

function defaultTitle({ repository, branch }: ReturnType<typeof jobFacts>): string {
  const isUrl = repository !== undefined && URL.canParse(repository);
  const project = isUrl ? new URL(repository).pathname.replace(/^\/+/, "") : "";
  const where = [project, branch].filter((part) => part !== undefined && part !== "").join(" ");
  return where === "" ? "mlops" : where;
}

function reportLost(
  lost: readonly Outcome[],
  how: { readonly isRequired: boolean; readonly context: Context },
): void {
  const [first] = lost;
  if (first === undefined) return;
  const lines = lost.map((one) => {
    const name = one.host === null ? one.channel : `${one.channel} (${one.host})`;
    return `The notice did not reach ${name}: ${(one.problem ?? "").replace(/\.$/, "")}.`;
  });
  const hint = lost.map((one) => one.hint).find((text) => text !== undefined && text !== "");
  if (how.isRequired) {
    const message = lines.join("\n");
    throw new MlopsError({
      kind: first.kind,
      code: "NOTICE_LOST",
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  for (const line of lines) how.context.report.warn(line);
  if (hint !== undefined) how.context.report.info(`         ${hint}`);
}

function deliveryLine(outcome: Outcome): string[] {
  if (outcome.channel === "stdout") return [];
  const name = outcome.host === null ? outcome.channel : `${outcome.channel} (${outcome.host})`;
  return [outcome.delivered ? `sent to ${name}` : `not sent to ${name}: ${outcome.problem ?? ""}`];
}

async function dryRun(
  notice: Notice,
  channels: readonly Channel[],
  context: Context,
): Promise<CommandResult> {
  const { plainText } = await import("../notify/message.ts");
  const { write } = await import("../notify/deliver.ts");
  const lines = [plainText(notice)];
  const bodies: unknown[] = [];
  for (const channel of channels) {
    if (channel.kind === "stdout") continue;
    if (channel.kind === "missing") {
      lines.push(`would not be sent to ${channel.asked}: ${channel.problem}`);
      continue;
    }
    const letter = write(channel, notice, senderOf(context));
    bodies.push({ channel: channel.kind, host: new URL(letter.address.origin).host, body: letter.body });
    lines.push(`would be sent to ${channel.kind} (${new URL(letter.address.origin).host})`);
  }
  return { exitCode: exitCodes.positive, json: { dryRun: true, messages: bodies }, text: lines.join("\n") };
}

function senderOf(context: Context): Sender {
  return {
    env: context.env,
    signal: context.signal,
    now: context.now,
    randomHex: context.randomHex,
    addSecret: (secret) => context.redactor.add(secret),
  };
}

function targetOf(text: string | undefined): "stdout" | "slack" | "webhook" | undefined {
  return text === "stdout" || text === "slack" || text === "webhook" ? text : undefined;
}

function verdictOf(text: string | undefined): Verdict | undefined {
  const words: readonly Verdict[] = ["pass", "fail", "inconclusive", "error", "blocked"];
  return words.find((word) => word === text);
}
