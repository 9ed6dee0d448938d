import { MlopsError, messageOf } from "../../errors.ts";
import { encodingHint } from "./csv-header.ts";

interface ReadFile {
  readonly uri: string;
  readonly absolutePath: string;
}

/**
 * Says in our words why DuckDB could not read one of `files`: file and line, never the line's text, which may be personal.
 * What DuckDB did not throw, or threw because our SQL was wrong, comes back as it is: that is no fault of the data.
 */
export function readError(error: unknown, format: "csv" | "parquet", files: readonly ReadFile[]): unknown {
  const text = messageOf(error);
  const isOfDuckDb = /^(TransactionContext |[A-Z][A-Za-z ]*)Error: /.test(text);
  if (error instanceof MlopsError || !isOfDuckDb || /^(Binder|Parser|Catalog) Error: /.test(text))
    return error;
  const file = files.find((one) => text.includes(one.absolutePath)) ?? files[0];
  const uri = file?.uri ?? "the data";
  return new MlopsError({ kind: "not-evaluable", ...explain(text, uri, format), cause: error });
}

function explain(text: string, uri: string, format: "csv" | "parquet"): Explanation {
  if (text.startsWith("Out of Memory Error")) {
    return {
      code: "DATA_TOO_BIG",
      message: `${uri}: there is not enough memory or disk space: ${firstSentence(text)}`,
      hint: "Give the job more memory, or more space in its temporary folder, or raise --memory-limit if it is set.",
    };
  }
  return format === "csv" ? explainCsv(text, uri) : explainParquet(text, uri);
}

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

function explainCsv(text: string, uri: string): Explanation {
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const place = line === undefined ? uri : `${uri}:${line}`;
  const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const code = "DATA_CSV_MALFORMED";
  if (columns !== null) {
    return {
      code,
      message: `${place}: this row has ${columns[2]} fields, the header has ${columns[1]}.`,
      hint: "Mend the row, or quote values that hold the delimiter. No row is skipped silently.",
    };
  }
  if (/Invalid unicode|not utf-8/i.test(text))
    return { code: "DATA_ENCODING", message: `${place}: not valid UTF-8.`, hint: encodingHint };
  if (text.includes("unterminated quote"))
    return {
      code,
      message: `${place}: a quoted value does not end where it should.`,
      hint: 'Close the quote; a quote inside a quoted value is written twice: "".',
    };
  if (/maximum.line.size|Maximum line size/i.test(text))
    return {
      code,
      message: `${place}: this row is longer than 2 MB.`,
      hint: "Is a quote opened and never closed?",
    };
  if (text.includes("state machine"))
    return {
      code,
      message: `${place}: not CSV as RFC 4180 has it; most often the file mixes line ends (LF and CR LF).`,
      hint: "Write the file with one kind of line end, for example with dos2unix, and quote values with quotes in them.",
    };
  return { code, message: `${place}: ${firstSentence(text)}`, hint: "Check the step that writes this file." };
}

function explainParquet(text: string, uri: string): Explanation {
  return {
    code: "DATA_PARQUET_BROKEN",
    message: `${uri} is not a readable Parquet file: ${firstSentence(text)}`,
    hint: "It is cut off or damaged: fetch or write it again.",
  };
}

function firstSentence(text: string): string {
  const line = text.split("\n").find((part) => part.trim() !== "") ?? "unknown reason";
  return `${line.slice(0, 200).replace(/\.?\s*$/, "")}.`;
}
