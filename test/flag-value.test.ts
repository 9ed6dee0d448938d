import { describe, expect, it } from "vitest";
import type { FlagKind } from "../src/command.ts";
import { parseFlagText } from "../src/flag-value.ts";

const parse = (kind: FlagKind, text: string) => parseFlagText({ kind, summary: "" }, text);

describe("parseFlagText", () => {
  it.each([
    ["number", "-0.5", -0.5],
    ["number", "1e-3", 0.001],
    ["integer", "12", 12],
    ["fraction", "5%", 0.05],
    ["fraction", "0.05", 0.05],
    ["duration", "250ms", 250],
    ["duration", "30", 30_000],
    ["duration", "1.5m", 90_000],
    ["boolean", "TRUE", true],
    ["boolean", "off", false],
    ["list", "sex, race", ["sex", "race"]],
  ] as const)("reads the %s %s", (kind, text, value) => {
    expect(parse(kind, text)).toEqual({ value });
  });

  it.each([
    ["number", "twelve", /"twelve", expected a number/],
    ["number", "", /expected a number/],
    ["number", "NaN", /expected a number/],
    ["number", "Infinity", /expected a number/],
    ["integer", "1.5", /expected a whole number from 0 on/],
    ["integer", "-1", /expected a whole number from 0 on/],
    ["fraction", "5", /expected a share from 0 to 1, or a percentage such as "5%"/],
    ["fraction", "-1%", /expected a share/],
    ["duration", "soon", /expected a duration such as 250ms/],
    ["boolean", "maybe", /expected true or false/],
    ["string", "", /is empty/],
  ] as const)("refuses the %s %j and says what it wants", (kind, text, problem) => {
    expect(parse(kind, text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it("refuses a word that is not one of the choices, and names them", () => {
    const parsed = parseFlagText({ kind: "string", summary: "", choices: ["process", "kserve"] }, "proces");
    expect(parsed).toEqual({ problem: 'is "proces", expected one of process, kserve' });
  });
});
