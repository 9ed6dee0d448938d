import { messageOf } from "../../errors.ts";
import type { ValueTest } from "../plan/measure.ts";
import type { CompiledValueTest, ValueTestError } from "./compiled-test.ts";
import { isDateutilParseable } from "./dateutil.ts";
import { parsePythonJson } from "./python-json.ts";
import { strptimeTest } from "./strptime.ts";

/**
 * A test of one text that SQL has not, ready to be run on many. An error instead of a test: it is none that can be run,
 * whatever the values are (a pattern that is no regular expression, a schema that is no JSON Schema).
 */
export async function compileValueTest(test: ValueTest): Promise<CompiledValueTest | ValueTestError> {
  switch (test.test) {
    case "regex":
      return regexTest(test);
    case "json-schema": {
      // The validator is large: only those who need it wait for it.
      const { jsonSchemaTest } = await import("./json-schema-test.ts");
      return jsonSchemaTest(test.schema);
    }
    case "python-json":
      return (text) => parsePythonJson(text) !== undefined;
    case "dateutil":
      return isDateutilParseable;
    case "strptime":
      return strptimeTest(test.format);
  }
}

function regexTest({
  patterns,
  match,
}: ValueTest & { readonly test: "regex" }): CompiledValueTest | ValueTestError {
  const compiled: RegExp[] = [];
  for (const pattern of patterns) {
    const regex = compileRegex(pattern);
    if ("error" in regex) return regex;
    compiled.push(regex);
  }
  const finds = (text: string) => (regex: RegExp) => regex.test(text);
  switch (match) {
    case "any":
      return (text) => compiled.some(finds(text));
    case "all":
      return (text) => compiled.every(finds(text));
    case "none":
      return (text) => !compiled.some(finds(text));
  }
}

/** Code points, not UTF-16 units; the flag v knows classes within classes, and refuses some signs that u takes. */
function compileRegex(pattern: string): RegExp | ValueTestError {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    try {
      return new RegExp(pattern, "v");
    } catch {
      return { error: messageOf(error) };
    }
  }
}
