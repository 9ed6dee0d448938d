import type { FlagDefinition } from "./command.ts";

export type OptionValue = string | number | boolean | readonly string[];
export type ParsedFlag = { readonly value: OptionValue } | { readonly problem: string };

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads one value as typed on a command line or in an environment variable. Says what is wrong with it. */
export function parseFlagText(flag: FlagDefinition, text: string): ParsedFlag {
  switch (flag.kind) {
    case "string":
    case "path":
      return text === "" ? { problem: "is empty" } : checkChoice(flag, text);
    case "list":
    case "path-list":
      return {
        value: text
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      };
    case "number":
      return parseNumber(text);
    case "integer": {
      const parsed = parseNumber(text);
      const isCount = "value" in parsed && Number.isSafeInteger(parsed.value) && Number(parsed.value) >= 0;
      return isCount ? parsed : { problem: `is ${quote(text)}, expected a whole number from 0 on` };
    }
    case "boolean":
      return parseBoolean(text);
    case "fraction":
      return parseFraction(text);
    case "duration":
      return parseDuration(text);
  }
}

function checkChoice(flag: FlagDefinition, text: string): ParsedFlag {
  if (flag.choices === undefined || flag.choices.includes(text)) return { value: text };
  return { problem: `is ${quote(text)}, expected one of ${flag.choices.join(", ")}` };
}

function parseNumber(text: string): ParsedFlag {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { value } : { problem: `is ${quote(text)}, expected a number` };
}

function parseBoolean(text: string): ParsedFlag {
  if (/^(true|1|yes|on)$/i.test(text)) return { value: true };
  if (/^(false|0|no|off)$/i.test(text)) return { value: false };
  return { problem: `is ${quote(text)}, expected true or false` };
}

function parseFraction(text: string): ParsedFlag {
  const isPercent = text.trim().endsWith("%");
  const parsed = parseNumber(isPercent ? text.trim().slice(0, -1) : text);
  if ("problem" in parsed || typeof parsed.value !== "number") {
    return { problem: `is ${quote(text)}, expected a share such as 0.05 or 5%` };
  }
  const value = isPercent ? parsed.value / 100 : parsed.value;
  if (value >= 0 && value <= 1) return { value };
  return {
    problem: `is ${quote(text)}, expected a share from 0 to 1, or a percentage such as ${quote("5%")}`,
  };
}

function parseDuration(text: string): ParsedFlag {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(text);
  const unitMs = durationUnits[match?.[2] ?? "s"];
  if (match === null || unitMs === undefined) {
    return { problem: `is ${quote(text)}, expected a duration such as 250ms, 30s, 5m or 1h` };
  }
  return { value: Number(match[1]) * unitMs };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
