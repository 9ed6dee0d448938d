import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Journaled, type Replay } from "../../src/store/journal.ts";
import { temporaryFolder } from "../support/folder.ts";

interface Event {
  readonly kind: "said";
  readonly word: string;
}

const replay: Replay<string[], Event> = {
  kinds: new Set(["said"]),
  create: () => [],
  apply: (state, event) => void state.push(event.word),
};

function open(folder: string, writer: string, warnings: string[] = []): Journaled<string[], Event> {
  return new Journaled(folder, replay, { writer, warn: (line) => warnings.push(line) });
}

function say(journal: Journaled<string[], Event>, word: string, at = 1): void {
  journal.refresh();
  journal.append({ kind: "said", word }, at);
}

describe("a journal", () => {
  it("is empty where its folder does not exist", () => {
    expect(open(path.join(temporaryFolder(), "none"), "a").state).toEqual([]);
  });

  it("holds one JSON object a line", () => {
    const folder = temporaryFolder();
    const journal = open(folder, "a");
    say(journal, "one\ntwo");
    say(journal, "three");
    const lines = readFileSync(path.join(folder, "journal-a.jsonl"), "utf8").split("\n");
    expect(lines.map((line) => (line === "" ? "" : JSON.parse(line).word))).toEqual([
      "one\ntwo",
      "three",
      "",
    ]);
  });

  it("ignores a torn last line on reading and cuts it before the next append", () => {
    const folder = temporaryFolder();
    say(open(folder, "a"), "whole");
    const file = path.join(folder, "journal-a.jsonl");
    appendFileSync(file, '{"n":2,"at":1,"kind":"said","wo');
    const journal = open(folder, "a");
    expect(journal.state).toEqual(["whole"]);
    say(journal, "next");
    expect(open(folder, "b").state).toEqual(["whole", "next"]);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(3);
  });

  it("skips a damaged line in the middle and names its file", () => {
    const folder = temporaryFolder();
    const warnings: string[] = [];
    say(open(folder, "a"), "before");
    const file = path.join(folder, "journal-a.jsonl");
    appendFileSync(file, 'garbage\n{"n":2,"at":1,"kind":"said","word":"after"}\n');
    expect(open(folder, "b", warnings).state).toEqual(["before", "after"]);
    expect(warnings).toEqual([expect.stringContaining(file)]);
  });

  it("shows what another writer appended, and only when told that there is something", () => {
    const folder = temporaryFolder();
    const reader = open(folder, "a");
    expect(reader.state).toEqual([]);
    say(open(folder, "b"), "news");
    expect(reader.state).toEqual([]);
    reader.isStale = true;
    expect(reader.state).toEqual(["news"]);
  });

  it("keeps the order of cause and effect whatever the clocks say", () => {
    const folder = temporaryFolder();
    say(open(folder, "z"), "first", 2_000);
    say(open(folder, "a"), "second", 1_000);
    expect(open(folder, "m").state).toEqual(["first", "second"]);
  });

  it("holds the events of two copies that grew apart, in the same order wherever they are laid together", () => {
    const [left, right] = [temporaryFolder(), temporaryFolder()];
    say(open(left, "a"), "common");
    cpSync(left, right, { recursive: true });
    const running = open(left, "b");
    say(running, "left 1", 10);
    say(running, "left 2", 30);
    say(open(right, "c"), "right 1", 20);
    const union = temporaryFolder();
    for (const copy of [right, left]) cpSync(copy, union, { recursive: true });
    cpSync(right, left, { recursive: true });
    expect(open(union, "d").state).toEqual(["common", "left 1", "right 1", "left 2"]);
    running.isStale = true;
    expect(running.state).toEqual(["common", "left 1", "right 1", "left 2"]);
  });

  it("leaves files of other names alone", () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "artifacts"));
    writeFileSync(path.join(folder, "journal.txt"), "no journal");
    expect(open(folder, "a").state).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["artifacts", "journal.txt"]);
  });
});
