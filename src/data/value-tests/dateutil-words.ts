/** What a word means to python-dateutil's parser, in English; great and small letters are one. */
function places(groups: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(groups.flatMap((group, index) => group.map((word) => [word, index] as const)));
}

const weekdays = places([
  ...[
    ["mon", "monday"],
    ["tue", "tuesday"],
    ["wed", "wednesday"],
    ["thu", "thursday"],
  ],
  ...[
    ["fri", "friday"],
    ["sat", "saturday"],
    ["sun", "sunday"],
  ],
]);

const months = places([
  ...[["jan", "january"], ["feb", "february"], ["mar", "march"], ["apr", "april"], ["may"], ["jun", "june"]],
  ...[
    ["jul", "july"],
    ["aug", "august"],
    ["sep", "sept", "september"],
    ["oct", "october"],
  ],
  ...[
    ["nov", "november"],
    ["dec", "december"],
  ],
]);

const units = places([
  ["h", "hour", "hours"],
  ["m", "minute", "minutes"],
  ["s", "second", "seconds"],
]);

const halves = places([
  ["am", "a"],
  ["pm", "p"],
]);

const fillers = new Set([
  " ",
  ".",
  ",",
  ";",
  "-",
  "/",
  "'",
  "at",
  "on",
  "and",
  "ad",
  "m",
  "t",
  "of",
  "st",
  "nd",
  "rd",
  "th",
]);

export const isWeekday = (word: string | undefined) => word !== undefined && weekdays.has(word.toLowerCase());

/** 1..12. */
export function monthOf(word: string | undefined): number | undefined {
  const index = months.get(word?.toLowerCase() ?? "");
  return index === undefined ? undefined : index + 1;
}

/** 0 hours, 1 minutes, 2 seconds. */
export const unitOf = (word: string | undefined) => units.get(word?.toLowerCase() ?? "");

/** 0 before noon, 1 after it. */
export const halfOf = (word: string | undefined) => halves.get(word?.toLowerCase() ?? "");

/** Words and signs between the others that say nothing. */
export const isFiller = (word: string | undefined) => word !== undefined && fillers.has(word.toLowerCase());

export const isUtc = (word: string) => ["utc", "gmt", "z"].includes(word.toLowerCase());

type State = "letters" | "digits" | "dotted letters" | "dotted digits";

const isLetter = (one: string) => /^\p{L}$/u.test(one);
const isDigit = (one: string) => /^[0-9]$/.test(one);

/** As Python's `str.isspace`. */
function isBlank(one: string): boolean {
  const code = one.codePointAt(0) ?? 0;
  return (code >= 9 && code <= 13) || (code >= 28 && code <= 31) || code === 0x85 || /^\p{Z}$/u.test(one);
}

/**
 * The words, numbers and signs of a text. A dot may part words ("Sep.20.2009") or stand in a number ("30.5"); which of them
 * it is shows at the end of the dotted run.
 */
export function tokensOf(text: string): string[] {
  const letters = [...text].filter((one) => one !== "\0");
  const tokens: string[] = [];
  let at = 0;
  while (at < letters.length) {
    const run = readRun(letters, at);
    at += run.length;
    tokens.push(...cut(run));
  }
  return tokens;
}

interface Run {
  readonly text: string;
  readonly length: number;
  readonly state: State | undefined;
  readonly hasWord: boolean;
}

function readRun(letters: readonly string[], start: number): Run {
  const first = letters[start] ?? "";
  if (isBlank(first)) return { text: " ", length: 1, state: undefined, hasWord: false };
  let state: State | undefined;
  if (isLetter(first)) state = "letters";
  else if (isDigit(first)) state = "digits";
  if (state === undefined) return { text: first, length: 1, state, hasWord: false };
  let text = first;
  let hasWord = false;
  let length = 1;
  for (; start + length < letters.length; length += 1) {
    const next = letters[start + length] ?? "";
    if (state === "letters" || state === "dotted letters") hasWord = true;
    const found = step(state, next, text);
    if (found === undefined) break;
    state = found;
    text += next;
  }
  return { text, length, state, hasWord };
}

/** The state after one more letter; undefined where the run ends before it. */
function step(state: State, next: string, text: string): State | undefined {
  const isAfterDot = text.endsWith(".");
  switch (state) {
    case "letters":
      if (isLetter(next)) return state;
      return next === "." ? "dotted letters" : undefined;
    case "digits":
      if (isDigit(next)) return state;
      return next === "." || (next === "," && text.length >= 2) ? "dotted digits" : undefined;
    case "dotted letters":
      if (next === "." || isLetter(next)) return state;
      return isDigit(next) && isAfterDot ? "dotted digits" : undefined;
    case "dotted digits":
      if (next === "." || isDigit(next)) return state;
      return isLetter(next) && isAfterDot ? "dotted letters" : undefined;
  }
}

function cut({ text, state, hasWord }: Run): string[] {
  const isDotted = state === "dotted letters" || state === "dotted digits";
  const dots = text.split(".").length - 1;
  if (isDotted && (hasWord || dots > 1 || /[.,]$/.test(text))) {
    const [first = "", ...others] = text.split(/([.,])/).filter((part) => part !== "");
    return [first, ...others];
  }
  // A comma before the fraction of a second.
  return [state === "dotted digits" && dots === 0 ? text.replaceAll(",", ".") : text];
}
