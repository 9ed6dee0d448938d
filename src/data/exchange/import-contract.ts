import { type Document, parseDocument } from "yaml";
import { MlopsError, messageOf } from "../../errors.ts";
import { checkedContract } from "./checked-contract.ts";
import { contractText } from "./contract-text.ts";
import { detectFormat, formatNames, type ImportFormat, withArticle } from "./detect-format.ts";
import { type ExchangeNote, type ImportedDraft, isPlain, type Plain } from "./draft.ts";
import { fromFrictionless } from "./from-frictionless.ts";
import { fromGx } from "./from-gx.ts";
import { fromOdcs } from "./from-odcs.ts";
import { fromPandera } from "./from-pandera.ts";
import { fromSoda } from "./from-soda.ts";

export interface ImportRequest {
  readonly text: string;
  /** The file as the user named it, for messages. */
  readonly source: string;
  /** One table of a format that describes several. */
  readonly table?: string | undefined;
  /** Whether an expectation of Great Expectations of this type can be judged. */
  readonly knowsExpectation: (type: string) => boolean;
}

export interface ImportedContract {
  readonly format: ImportFormat;
  /** Passes the schema of a contract file. As a file would hold it: shares and time spans as they were written. */
  readonly contract: Plain;
  /** What has no counterpart, or a weaker one. */
  readonly notes: readonly ExchangeNote[];
  /** The contract as a file, the notes as comments at its top. */
  readonly yaml: string;
}

/**
 * Reads the rules of another tool's file; its format is told by what stands in it. Throws `usage` for text that is neither
 * JSON nor YAML, for an unknown or ambiguous format, and for a file of several tables without `table`.
 */
export function importContract(request: ImportRequest): ImportedContract {
  const document = parsed(request);
  const format = detectFormat(document, request.source);
  if (request.table !== undefined && format !== "odcs" && format !== "frictionless") {
    throw new MlopsError({
      kind: "usage",
      code: "OPTION_INVALID",
      message: `${request.source} is ${withArticle(formatNames[format])}, which is about one table, and --import-table names ${request.table}.`,
      hint: "Leave --import-table out.",
    });
  }
  const draft = checkedContract(readAs(format, document, request));
  const title = `Rules of ${request.source}, ${withArticle(formatNames[format])}, as a contract of mlops.`;
  return { format, ...draft, yaml: contractText(draft.contract, { title, notes: draft.notes }) };
}

function readAs(format: ImportFormat, document: Plain, request: ImportRequest): ImportedDraft {
  switch (format) {
    case "gx":
      return fromGx(document, request.knowsExpectation);
    case "odcs":
      return fromOdcs(document, request.table);
    case "pandera":
      return fromPandera(document);
    case "frictionless":
      return fromFrictionless(document, request.table);
    case "soda":
      return fromSoda(document);
    case "sodacl":
      throw new MlopsError({
        kind: "usage",
        code: "NOT_YET",
        message: `${request.source} is ${withArticle(formatNames[format])}, which cannot be imported yet.`,
        hint: "Soda's own contracts of version 4 can be: dataset, columns, checks.",
      });
  }
}

function parsed(request: ImportRequest): Plain {
  const { text, source } = request;
  // JSON is YAML. Python writes NaN and Infinity into its JSON; YAML reads them as text, which no rule takes for a number.
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw unreadable(`${source}:${lineOf(text, problem.pos[0])}`, problem.message);
  const value = plainValue(document, source);
  if (isPlain(value)) return value;
  throw new MlopsError({
    kind: "usage",
    code: "IMPORT_UNKNOWN",
    message: `${source} is no mapping, but ${described(value)}.`,
    hint: `Known are: ${Object.values(formatNames).join(", ")}.`,
  });
}

/** Never the text itself: it may be data that somebody gave by mistake. */
function described(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? `a text of ${value.length} characters` : JSON.stringify(value);
}

/** An alias without its anchor, or more aliases than any honest file has, is found only now. */
function plainValue(document: Document.Parsed, source: string): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (holdsItself(value, [])) throw new RangeError("an alias stands inside of what it stands for");
    return value;
  } catch (error) {
    throw unreadable(source, messageOf(error), error);
  }
}

function holdsItself(value: unknown, around: readonly object[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (around.includes(value)) return true;
  return Object.values(value).some((one) => holdsItself(one, [...around, value]));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function unreadable(place: string, reason: string, cause?: unknown): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "IMPORT_UNREADABLE",
    message: `${place}: ${reason.replace(/\s+/g, " ")}.`,
    hint: "Give a JSON or YAML file.",
    cause,
  });
}
