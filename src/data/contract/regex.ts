/** A pattern with the engine that can evaluate it. */
export interface Pattern {
  /** `re2`: in SQL, over all rows. `javascript`: once for each distinct value. */
  readonly engine: "re2" | "javascript";
  readonly pattern: string;
}

/** Look-ahead, look-behind, and back-references by number and by name: RE2 has none of them. */
const needsBacktracking = /\(\?<?[=!]|\\[1-9]|\\k<|\(\?P=/;

/** Where a pattern is evaluated. `\\\\1` is a backslash before a digit, no back-reference. */
export function patternOf(pattern: string): Pattern {
  const bare = pattern.replace(/\\\\/g, "");
  if (!needsBacktracking.test(bare)) return { engine: "re2", pattern };
  return { engine: "javascript", pattern: inJavaScript(pattern) };
}

/** What is wrong with a regular expression; undefined where nothing is. What only RE2 would refuse is found by the engine (refused-patterns.ts). */
export function patternProblem(pattern: string): string | undefined {
  const { engine } = patternOf(pattern);
  const text = engine === "re2" ? withoutRe2Forms(pattern) : inJavaScript(pattern);
  const messages = ["u", ""].map((flags) => compileProblem(text, flags));
  return messages.includes(undefined) ? undefined : messages[0];
}

function compileProblem(text: string, flags: string): string | undefined {
  try {
    new RegExp(text, flags);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /s, "");
  }
}

/** Names of groups as Python and RE2 write them. */
function inJavaScript(pattern: string): string {
  return pattern.replaceAll("(?P<", "(?<").replace(/\(\?P=(\w+)\)/g, "\\k<$1>");
}

/** Forms that RE2 knows and JavaScript does not, replaced by what is as well formed. */
function withoutRe2Forms(pattern: string): string {
  return inJavaScript(pattern)
    .replace(/\\Q.*?(\\E|$)/gs, "Q")
    .replace(/\(\?[imsU]*(-[imsU]+)?\)/g, "")
    .replace(/\(\?[imsU]*(-[imsU]+)?:/g, "(?:")
    .replace(/\[\[:\^?\w+:\]/g, "[a")
    .replace(/\[:\^?\w+:\]/g, "a")
    .replace(/\\[pP](\w)/g, "a")
    .replace(/\\x\{[0-9A-Fa-f]+\}/g, "a")
    .replace(/\\[AzC]/g, "");
}
