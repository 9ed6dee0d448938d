import { parse } from "yaml";
import { isPlain, type Plain, plainAt, textAt } from "./draft.ts";

/**
 * The check that a rule `type: custom` comes to: expectations of Great Expectations and checks of our own are known.
 * A text says why it is none.
 */
export function readImplementation(rule: Plain, column: string): Plain | string {
  const engine = textAt(rule, "engine") ?? "";
  const written = rule["implementation"];
  const block: unknown = typeof written === "string" ? parsed(written) : written;
  if (!isPlain(block)) return `the block of the engine ${engine} is no mapping`;
  if (/^mlops$/i.test(engine)) return block;
  if (!/^great_?expectations$/i.test(engine)) return `a rule for the engine ${engine} is not read`;
  const type = textAt(block, "type") ?? textAt(block, "expectation_type");
  if (type === undefined) return "the expectation has no type";
  const kwargs = Object.entries(plainAt(block, "kwargs")).map(
    ([key, value]) => [snakeCase(key), value] as const,
  );
  const own = column !== "" && type.startsWith("expect_column_") ? { column } : {};
  return { expect: type, ...own, ...Object.fromEntries(kwargs) };
}

/** The standard's own example writes `minValue`. */
function snakeCase(key: string): string {
  return key.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before}_${after.toLowerCase()}`,
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error ? undefined : error;
  }
}
