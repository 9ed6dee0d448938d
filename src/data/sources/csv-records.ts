/** What a CSV text holds, counted without a reader's opinion, to hold against what the reader says it read. */
interface RecordCount {
  /** Lines of the table, header included, blank ones left out; a quoted value may span several lines of the file. */
  readonly records: number;
  readonly blankLines: number;
  readonly hasQuotedLineEnds: boolean;
  /** The line (from 1) on which a quote was opened that never closes. */
  readonly unclosedQuoteLine: number | undefined;
}

export interface RecordCounter {
  push(chunk: Uint8Array): void;
  /** Call once, after the last chunk. */
  end(): RecordCount;
}

const [lineFeed, carriageReturn, space, quote] = [0x0a, 0x0d, 0x20, 0x22];

interface Marks {
  readonly delimiter: number;
  readonly lineEnd: number;
}

interface Position {
  state: "field-start" | "plain" | "quoted" | "quote-in-quoted";
  line: number;
  quoteLine: number;
  /** Bytes since the last line end, a single carriage return not counted. */
  hasContent: boolean;
  records: number;
  blankLines: number;
  hasQuotedLineEnds: boolean;
}

/**
 * Counts records as RFC 4180 has them. `delimiter` is one ASCII byte; `lineEnd` is 13 for files of the old Macintosh kind, else
 * 10. A quote means something only at the start of a field (spaces before it allowed), as in DuckDB's reader.
 */
export function countRecords(delimiter: number, lineEnd: 10 | 13): RecordCounter {
  const at: Position = {
    state: "field-start",
    line: 1,
    quoteLine: 0,
    hasContent: false,
    records: 0,
    blankLines: 0,
    hasQuotedLineEnds: false,
  };
  const isBare = () => at.state !== "quoted" && at.state !== "quote-in-quoted";
  return {
    push(chunk) {
      if (isBare() && !chunk.includes(quote)) countBareLines(chunk, { delimiter, lineEnd }, at);
      else for (const byte of chunk) step(byte, { delimiter, lineEnd }, at);
    },
    end() {
      if (at.hasContent) at.records += 1;
      return {
        records: at.records,
        blankLines: at.blankLines,
        hasQuotedLineEnds: at.hasQuotedLineEnds,
        unclosedQuoteLine: at.state === "quoted" ? at.quoteLine : undefined,
      };
    },
  };
}

/** The fast path: without quotes a line is a record. */
function countBareLines(chunk: Uint8Array, marks: Marks, at: Position): void {
  const { delimiter, lineEnd } = marks;
  let start = 0;
  for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
    const isBlank = end === start || (end === start + 1 && chunk[start] === carriageReturn);
    at.hasContent ||= !isBlank;
    endLine(at);
    start = end + 1;
  }
  const rest = chunk.subarray(start);
  if (rest.length === 0) return;
  at.hasContent ||= rest.length > 1 || rest[0] !== carriageReturn;
  const last = rest.findLast((byte) => byte !== space);
  at.state =
    last === delimiter || (last === undefined && at.state === "field-start") ? "field-start" : "plain";
}

function step(byte: number, marks: Marks, at: Position): void {
  if (byte !== carriageReturn && byte !== lineFeed) at.hasContent = true;
  if (at.state === "quoted") {
    if (byte === quote) at.state = "quote-in-quoted";
    else if (byte === marks.lineEnd) {
      at.hasQuotedLineEnds = true;
      at.line += 1;
    }
  } else if (byte === marks.lineEnd) endLine(at);
  else if (byte === marks.delimiter) at.state = "field-start";
  else if (byte === quote && at.state === "field-start") {
    at.state = "quoted";
    at.quoteLine = at.line;
  } else if (byte === quote && at.state === "quote-in-quoted") at.state = "quoted";
  else if (byte !== space || at.state !== "field-start") at.state = "plain";
}

function endLine(at: Position): void {
  if (at.hasContent) at.records += 1;
  else at.blankLines += 1;
  at.hasContent = false;
  at.state = "field-start";
  at.line += 1;
}
