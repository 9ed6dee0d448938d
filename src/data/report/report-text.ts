import { styleText } from "node:util";
import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import { cutMiddle, wrapped } from "../../text-width.ts";
import { clean, counted, grouped, sizeText } from "./figures.ts";
import { type TableRow, tableLines } from "./text-table.ts";
import {
  countsText,
  examplesText,
  failingText,
  limitText,
  observedText,
  tableName,
  worstFirst,
} from "./wording.ts";

export interface TextOptions {
  /** Where the report file is, for the last line. */
  readonly file: string;
  /** Every rule on a line of its own, every file named. */
  readonly isVerbose: boolean;
  /** Whether the verdict words are coloured; NO_COLOR and its like are the caller's business. */
  readonly color: boolean;
  /** Cells of a line: the terminal's columns; in a job log, which wraps nothing, 120 or more. */
  readonly width: number;
}

/** More passed or skipped rules than this are summed up. */
const listedAtMost = 40;
const summedAtMost = 20;
const notesAtMost = 20;
const filesAtMost = 5;

const styles = {
  error: "red",
  fail: "red",
  warn: "yellow",
  inconclusive: "yellow",
  skipped: "dim",
  pass: "green",
} as const;

/**
 * The report for people: worst first, one line a rule with what was observed, the limit, the share that fails and an
 * example; then files, notes, the verdict and where the report is. Every broken rule is listed, however many there are;
 * defaults that passed are summed up in a line a kind, and so are other passed and skipped rules where they are many.
 */
export function reportText(report: ValidationReport, options: TextOptions): string {
  const paint = (cell: string) => (options.color ? painted(cell) : cell);
  const rows = [
    { cells: ["verdict", "rule", "observed", "limit", "failing rows"] },
    ...ruleRows(report, options),
  ];
  const blocks = [
    [datasetLine(report)],
    rows.length === 1 ? [] : tableLines(rows, options.width, paint),
    fileLines(report, options),
    noteLines(report, options),
    [verdictLine(report, options)],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

function painted(cell: string): string {
  const word = cell.trimEnd();
  for (const [verdict, style] of Object.entries(styles))
    if (verdict === word.toLowerCase())
      return styleText(style, word, { validateStream: false }) + cell.slice(word.length);
  return cell;
}

function datasetLine({ dataset }: ValidationReport): string {
  const { rows, columns, csv, format, sha256 } = dataset;
  const size = rows === null ? "not read" : `${counted(rows, "row")}, ${counted(columns.length, "column")}`;
  const parts = [`${tableName(dataset)}: ${size}`];
  if (csv !== null) {
    const packed = csv.compression === "none" ? "" : `, ${csv.compression}`;
    const delimiter = csv.delimiter === "\t" ? "tab" : JSON.stringify(csv.delimiter);
    parts.push(`CSV, delimiter ${delimiter}, ${csv.encoding}${packed}`);
  } else if (format !== null) parts.push({ csv: "CSV", parquet: "Parquet", arrow: "Arrow" }[format]);
  if (sha256 !== null) parts.push(`sha256 ${sha256.slice(0, 12)}…`);
  return parts.join(" · ");
}

function ruleRows({ checks }: ValidationReport, { isVerbose }: TextOptions): TableRow[] {
  const listed = worstFirst(checks);
  if (isVerbose) return listed.map((check) => checkRow(check, check.examples.length));
  const isDefaultPass = (check: ValidationCheck) =>
    check.isDefault && check.verdict === "pass" && check.column !== null;
  const defaults = listed.filter(isDefaultPass);
  const passed = listed.filter((check) => check.verdict === "pass" && !isDefaultPass(check));
  const skipped = listed.filter((check) => check.verdict === "skipped");
  const others = listed.filter((check) => check.verdict !== "pass" && check.verdict !== "skipped");
  return [
    ...others.map((check) => checkRow(check, 1)),
    ...(skipped.length > listedAtMost ? skippedSums(skipped) : skipped.map((check) => checkRow(check, 0))),
    ...(passed.length > listedAtMost ? sums(passed, "rule", "") : passed.map((check) => checkRow(check, 0))),
    ...sums(defaults, "column", " by default"),
  ];
}

function checkRow(check: ValidationCheck, exampleCount: number): TableRow {
  const verdict =
    check.verdict === "pass" || check.verdict === "skipped" ? check.verdict : check.verdict.toUpperCase();
  const head = [verdict, clean(check.name)];
  if (check.reason !== null) return { cells: head, rest: clean(check.reason, 1000) };
  // The title says that these are rows.
  const rows = failingText(check).replace(/ rows? \(/, " (");
  const failing = [rows, examplesText(check, exampleCount)].filter((part) => part !== "").join(", ");
  return { cells: [...head, observedText(check), limitText(check), failing] };
}

function skippedSums(skipped: readonly ValidationCheck[]): TableRow[] {
  const rest = skipped.length - summedAtMost;
  return [
    ...skipped.slice(0, summedAtMost).map((check) => checkRow(check, 0)),
    { cells: ["skipped", `${counted(rest, "more rule")}`], rest: "see the report, or --verbose" },
  ];
}

/** One line a kind: how many rules, and for missing values the worst of them. */
function sums(passed: readonly ValidationCheck[], noun: string, origin: string): TableRow[] {
  const byKind = Map.groupBy(passed, (check) => check.kind);
  return [...byKind].map(([kind, ofKind]) => {
    const label = `${kind} (${counted(ofKind.length, noun)}${origin})`;
    const worst =
      kind === "nulls" ? ofKind.toSorted((a, b) => Number(b.observed) - Number(a.observed))[0] : undefined;
    if (worst !== undefined)
      return {
        cells: [
          "pass",
          label,
          `worst ${observedText(worst)} in ${clean(worst.column ?? "", 60)}`,
          limitText(worst),
          "",
        ],
      };
    return {
      cells: ["pass", label, kind === "schema" ? "present" : "-", kind === "schema" ? "present" : "-", ""],
    };
  });
}

function fileLines(
  { dataset, failingRowsFile }: ValidationReport,
  { isVerbose, width }: TextOptions,
): string[] {
  const { files } = dataset;
  const lines: string[] = [];
  if (files.length > 1) {
    const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    lines.push(`${counted(files.length, "file")}, ${sizeText(total)}:`);
    const shown = isVerbose ? files : files.slice(0, filesAtMost);
    for (const file of shown) {
      const facts = [
        sizeText(file.sizeBytes),
        ...(file.rows === null ? [] : [counted(file.rows, "row")]),
      ].join(", ");
      lines.push(`  ${cutMiddle(clean(file.uri, 1000), Math.max(20, width - facts.length - 4))}  ${facts}`);
    }
    if (shown.length < files.length) lines.push(`  … and ${grouped(files.length - shown.length)} more`);
  }
  if (failingRowsFile !== null)
    lines.push(`Failing rows: ${clean(failingRowsFile.path)} (${counted(failingRowsFile.rows, "row")})`);
  return lines;
}

function noteLines({ notes }: ValidationReport, { isVerbose, width }: TextOptions): string[] {
  const shown = isVerbose ? notes : notes.slice(0, notesAtMost);
  const lines = shown.flatMap((note) =>
    wrapped(clean(note, 2000), Math.max(20, width - 6)).map(
      (line, index) => `${index === 0 ? "note: " : "      "}${line}`,
    ),
  );
  if (shown.length < notes.length) lines.push(`note: … and ${grouped(notes.length - shown.length)} more`);
  return lines;
}

function verdictLine(report: ValidationReport, { file, color }: TextOptions): string {
  const word = report.verdict.toUpperCase();
  const shown = color ? painted(word) : word;
  const reason = report.error === null ? "" : ` ${clean(report.error.message, 1000)}`;
  return `${shown}:${reason} ${countsText(report)}. Report: ${file}`;
}
