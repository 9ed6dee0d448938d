import { describe, expect, it } from "vitest";
import {
  type Notice,
  plainText,
  type SlackBlock,
  slackMessage,
  webhookEvent,
} from "../../src/notify/message.ts";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";

const notice: Notice = {
  title: "risk/mortality main",
  verdict: "fail",
  message: "AUC < 0.8 & falling",
  parts: [
    {
      heading: "gate",
      verdict: "fail",
      lines: ["3 of 4 checks passed", "fail: auc max_regression, observed 0.78"],
    },
  ],
  links: [{ label: "pipeline", url: "https://gitlab.example.com/-/pipelines/7?a=1&b=2" }],
};

const textsOf = (blocks: readonly SlackBlock[]) =>
  blocks.flatMap((block) => ("elements" in block ? block.elements : [block.text])).map(({ text }) => text);

describe("a notice as plain text", () => {
  it("has the verdict first, then message, parts and links, unescaped", () => {
    expect(plainText(notice)).toBe(
      [
        "FAIL: risk/mortality main",
        "AUC < 0.8 & falling",
        "gate: FAIL",
        "  3 of 4 checks passed",
        "  fail: auc max_regression, observed 0.78",
        "pipeline: https://gitlab.example.com/-/pipelines/7?a=1&b=2",
      ].join("\n"),
    );
  });

  it("is the title alone where there is nothing else", () => {
    expect(plainText({ title: "x", verdict: undefined, message: undefined, parts: [], links: [] })).toBe("x");
  });
});

describe("a notice for Slack", () => {
  it("escapes & < > in texts and in link targets, and keeps its own markup", () => {
    const [header, message, part, links] = textsOf(slackMessage(notice).blocks);
    expect(header).toBe("FAIL: risk/mortality main");
    expect(message).toBe("AUC &lt; 0.8 &amp; falling");
    expect(part).toBe("*gate: FAIL*\n• 3 of 4 checks passed\n• fail: auc max_regression, observed 0.78");
    expect(links).toBe("<https://gitlab.example.com/-/pipelines/7?a=1&amp;b=2|pipeline>");
  });

  it.each(["<!channel>", "<@U123>", "<!here|x>", "@channel", "@here now", "@ALL", "@everyone"])(
    "lets nobody be rung by the model name %s",
    (name) => {
      const message = slackMessage({
        ...notice,
        title: name,
        message: name,
        parts: [{ ...notice.parts[0], heading: name, verdict: "pass", lines: [name] }],
      });
      const all = [message.text, ...textsOf(message.blocks).slice(1)].join("\n");
      expect(all).not.toMatch(/<[!@]/);
      expect([...textsOf(message.blocks), message.text].join("\n")).not.toMatch(
        /@(channel|here|all|everyone)\b/i,
      );
    },
  );

  it("stays within Slack's limits whatever it is given, and keeps the links", () => {
    const long = fc.string({ maxLength: 5000, unit: "binary" });
    const part = fc.record({
      heading: fc.string({ maxLength: 400 }),
      verdict: fc.constantFrom("pass" as const, undefined),
      lines: fc.array(long, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(long, long, fc.array(part, { maxLength: 70 }), (title, message, parts) => {
        const { text, blocks } = slackMessage({ ...notice, title, message, parts });
        const texts = textsOf(blocks);
        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(texts[0]?.length).toBeLessThanOrEqual(150);
        for (const one of texts) expect(one.length).toBeLessThanOrEqual(3000);
        expect(texts.join("").length).toBeLessThanOrEqual(12_000);
        expect(text.length).toBeLessThanOrEqual(3000);
        expect(texts.at(-1)).toContain("|pipeline>");
        // No escape is cut in two.
        for (const one of texts.slice(1)) expect(one).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }),
      { numRuns: times(60, 1500) },
    );
  });
});

describe("a notice for programs", () => {
  it("has every field, null where there is nothing", () => {
    const sending = { id: "d1", sentAt: "2026-01-01T00:00:00.000Z" };
    expect(webhookEvent({ ...notice, verdict: undefined, message: undefined, parts: [] }, sending)).toEqual({
      schemaVersion: 1,
      event: "notice",
      ...sending,
      title: notice.title,
      verdict: null,
      message: null,
      parts: [],
      links: notice.links,
      text: "risk/mortality main\npipeline: https://gitlab.example.com/-/pipelines/7?a=1&b=2",
    });
  });
});
