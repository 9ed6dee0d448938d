import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DuckDb, openDuckDb } from "../../../../src/data/engine/duckdb.ts";
import { quoteText } from "../../../../src/data/engine/sql.ts";
import { translateRegex } from "../../../../src/data/gx/expectations/regex-translation.ts";
import { fc } from "../../../support/fast-check.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { times } from "../../../support/full.ts";
import { runPython } from "../../../support/python.ts";

let db: DuckDb;
beforeAll(async () => {
  db = await openDuckDb();
});
afterAll(async () => db.close());

/** Which texts a regular expression of Python finds something in, by the engine that it is for. */
async function found(python: string, texts: readonly string[]): Promise<readonly boolean[]> {
  const translated = translateRegex(python);
  if ("problem" in translated) throw new Error(translated.problem);
  if (translated.engine === "js") return texts.map((text) => new RegExp(translated.pattern, "u").test(text));
  const list = texts.map((text) => `regexp_matches(${quoteText(text)}, ${quoteText(translated.pattern)})`);
  const [row] = await db.query(`SELECT [${list.join(", ")}] AS found`);
  const answers = row?.["found"];
  return Array.isArray(answers) ? answers.map(Boolean) : [];
}

describe("regular expressions of Python", () => {
  it.each([
    ["^\\d+$", "re2", ["12", "٣", "12\n"], ["a", "12\n\n", ""]],
    ["^\\w+$", "re2", ["Ünï_1", "²"], ["a b", "é-"]],
    ["^\\s$", "re2", [" ", "\u00a0", "\u001c"], ["a", "\u200b"]],
    ["^.$", "re2", ["a", "\r", "a\n"], ["\n", "ab"]],
    ["(?s)^.$", "re2", ["\n"], [""]],
    ["(?i)STRASSE|é", "re2", ["strasse", "É"], ["straße"]],
    ["(?m)^b$", "re2", ["a\nb\nc"], ["ab"]],
    ["(?x) a b  # both\n", "re2", ["ab"], ["a b"]],
    ["^[^\\W\\d_]+$", "re2", ["äb"], ["a1", "a_"]],
    ["^[]a-]+$", "re2", ["]a-"], ["b"]],
    ["a{,2}b", "re2", ["b", "aab"], ["a"]],
    ["a{,}b{x", "re2", ["aab{x"], ["b{"]],
    ["(?P<year>\\d{4})-(?:\\d\\d)", "re2", ["2020-01"], ["20-01"]],
    ["\\x41\\u00e9\\052", "re2", ["Aé*"], ["A"]],
    ["\\bcat\\b", "js", ["a cat.", "cat"], ["écat", "cats"]],
    ["\\Bx", "js", ["ax"], ["x", ""]],
    ["^(?=.*\\d)(?!.*a)", "js", ["b1"], ["a1", "b"]],
    ["(?<=€)\\d", "js", ["€5"], ["5"]],
    ["(?P<q>['\"]).*(?P=q)", "js", ["'a'"], ["'a\""]],
    ["(a$|b)c?", "js", ["a\n", "bc"], ["ac"]],
    ["a{1001}", "js", ["a".repeat(1001)], ["a".repeat(1000)]],
    ["", "re2", ["", "a"], []],
  ] as const)("%s keeps its meaning in %s", async (python, engine, good, bad) => {
    expect(translateRegex(python)).toMatchObject({ engine });
    const texts = [...good, ...bad];
    expect(await found(python, texts)).toEqual(texts.map((_, index) => index < good.length));
  });

  it.each([
    ["(", "no )"],
    ["a)", "no ("],
    ["*a", "nothing to repeat"],
    ["a**", "repeated"],
    ["[a", "no ]"],
    ["[b-a]", "backwards"],
    ["\\q", "means nothing"],
    ["(a", "no )"],
    ["\\1", "no group 1"],
    ["(a)|\\1", "may take no part"],
    ["a++", "possessive"],
    ["(?(1)a|b)", "can be run here"],
    ["\\N{DIGIT ONE}", "not supported"],
    ["a(?i)b", "can be run here"],
  ])("%s is refused", (python, message) => {
    expect(translateRegex(python)).toMatchObject({ problem: expect.stringContaining(message) });
  });

  it("agree with Python on random expressions and texts", async () => {
    const atom = fc.constantFrom(
      ...[
        "a",
        "b",
        "é",
        "1",
        " ",
        "\\d",
        "\\w",
        "\\s",
        "\\D",
        "\\W",
        "\\S",
        ".",
        "[abc]",
        "[^a]",
        "[\\W\\d]",
        "\\.",
      ],
      ...[
        "[^\\S\\n]",
        "\\n",
        "\\b",
        "^",
        "$",
        "(?i:ab)",
        "(a|b)",
        "(?=a)",
        "(?!b)",
        "(?<=a)",
        "(?:a|$)",
        "\\A",
        "|",
      ],
    );
    const quantified = fc.tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "{2}", "*?"));
    const regex = fc.array(quantified, { minLength: 1, maxLength: 4 }).map((parts) => parts.flat().join(""));
    const text = fc
      .array(fc.constantFrom("a", "b", "A", "é", "1", "٣", " ", "\n", "-", "\u00a0", "_"), { maxLength: 5 })
      .map((letters) => letters.join(""));
    const cases = fc.sample(fc.tuple(regex, fc.array(text, { minLength: 4, maxLength: 4 })), {
      numRuns: times(400, 10000),
      seed: 20_261_122,
    });
    const answers = await searched(cases);
    const wrong: unknown[] = [];
    for (const [index, [python, texts]] of cases.entries()) {
      const answer = answers[index];
      const refused = "problem" in translateRegex(python);
      if (refused || answer === null) {
        if (refused !== (answer === null)) wrong.push([python, answer]);
        continue;
      }
      const ours = await found(python, texts);
      if (JSON.stringify(ours) !== JSON.stringify(answer)) wrong.push([python, texts, ours, answer]);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

/** What `re.search` finds; null where Python refuses the expression. */
async function searched(cases: readonly unknown[]): Promise<readonly unknown[]> {
  const script = `
import json, re, sys, warnings
warnings.filterwarnings("ignore")
def found(pattern, texts):
    try:
        compiled = re.compile(pattern)
    except re.error:
        return None
    return [compiled.search(text) is not None for text in texts]
print(json.dumps([found(*case) for case in json.loads(sys.argv[1])]))`;
  const result = await runPython({ args: ["-c", script, JSON.stringify(cases)], cwd: temporaryFolder() });
  const answers: unknown = JSON.parse(result.stdout);
  if (!Array.isArray(answers)) throw new Error(result.stderr);
  return answers;
}
