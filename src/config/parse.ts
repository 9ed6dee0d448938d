import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseDocument,
} from "yaml";
import { MlopsError, messageOf } from "../errors.ts";
import type { ConfigFile, ConfigPath } from "./config-file.ts";

/** Parses the text of a settings file. `shownPath` stands in messages. */
export function parseConfig(text: string, shownPath: string, directory: string): ConfigFile {
  const lines = new LineCounter();
  // merge: `<<: *base` is how YAML files share settings.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    merge: true,
    logLevel: "error",
  });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new MlopsError({
      kind: "usage",
      code: "CONFIG_INVALID_YAML",
      message: `${shownPath}:${line}:${col}: ${problem.message.replace(/\s+/g, " ")}.`,
      hint: "Mend the YAML at that line.",
    });
  }
  const root = document.contents;
  if (root !== null && !isMap(root)) {
    throw new MlopsError({
      kind: "usage",
      code: "CONFIG_INVALID",
      message: `${shownPath}:1: expected settings such as "model_name: mortality", got ${describe(document.toJS())}.`,
    });
  }
  const values = plainValues(document, shownPath);
  return {
    path: shownPath,
    directory,
    values: isRecord(values) ? values : {},
    locate: (keys) => `${shownPath}:${lines.linePos(offsetOf(root, keys)).line}`,
  };
}

/** Aliases are followed as often as a wide table needs it; a file that multiplies itself by them is refused. */
const maxAliasCount = 100_000;

function plainValues(document: Document.Parsed, shownPath: string): unknown {
  try {
    return document.toJS({ maxAliasCount }) ?? {};
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "CONFIG_INVALID_YAML",
      message: `${shownPath}: ${messageOf(error)}.`,
      hint: "Mend the anchors (&name) and aliases (*name) of the file.",
      cause: error,
    });
  }
}

function offsetOf(root: ParsedNode | null, keys: ConfigPath): number {
  let node: unknown = root;
  let offset = 0;
  for (const key of keys) {
    if (!isCollection(node)) break;
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    const child: unknown = pair === undefined ? node.get(key, true) : pair.value;
    const start = pair !== undefined && isNode(pair.key) ? pair.key.range?.[0] : undefined;
    const position = start ?? (isNode(child) ? child.range?.[0] : undefined);
    if (position === undefined) break;
    offset = position;
    node = child;
  }
  return offset;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Never the text itself: it may be data that somebody gave by mistake. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? `a text of ${value.length} characters` : JSON.stringify(value);
}
