import { createHash } from "node:crypto";
import path from "node:path";
import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import { checkMessage } from "./check-facts.ts";
import { clean } from "./figures.ts";
import { examplesText } from "./wording.ts";

interface RulePlace {
  /** As it was given, absolute or relative to `cwd`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number | undefined;
}

export interface CodeQualityOptions {
  /** The folder of the repository (CI_PROJECT_DIR); paths are written relative to it. */
  readonly projectFolder: string;
  /** What relative paths of the report are relative to. */
  readonly cwd: string;
  /** Where a rule is written: the contract and its line, or the suite; undefined where nobody wrote it. */
  readonly placeOf: (check: ValidationCheck) => RulePlace | undefined;
  /** Tells the findings of two tables under one contract apart; keep it the same from run to run. */
  readonly table?: string | undefined;
}

interface Finding {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: "info" | "minor" | "major" | "critical" | "blocker";
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/**
 * The report as GitLab's code quality JSON: one finding for each rule that is broken, warns or could not be judged, at the
 * line where the rule is written, else at the data file. Equal from run to run for the same rule, so that a merge request
 * shows what is new and what is mended.
 */
export function codeQualityJson(report: ValidationReport, options: CodeQualityOptions): string {
  const seen = new Map<string, number>();
  const findings = report.checks
    .filter((check) => check.verdict !== "pass" && check.verdict !== "skipped")
    .map((check) => findingOf(check, report, { options, seen }));
  if (report.error !== null) findings.push(unreadable(report, options));
  return `${JSON.stringify(findings, null, 2)}\n`;
}

function findingOf(
  check: ValidationCheck,
  report: ValidationReport,
  { options, seen }: { readonly options: CodeQualityOptions; readonly seen: Map<string, number> },
): Finding {
  const place = options.placeOf(check);
  const examples = examplesText(check);
  const text = `${check.name}: ${checkMessage(check)}${examples === "" ? "" : `, ${examples}`}`;
  return {
    description: clean(text, 1000),
    check_name: clean(check.name, 250),
    fingerprint: fingerprintOf(check, options.table ?? null, seen),
    severity: severityOf(check),
    location: {
      path: place === undefined ? dataPath(report, options) : projectPath(place.file, options),
      lines: { begin: place?.line ?? 1 },
    },
  };
}

function severityOf({ verdict, severity }: ValidationCheck): Finding["severity"] {
  if (verdict === "error" || verdict === "inconclusive") return "blocker";
  if (verdict === "fail") return "critical";
  return severity === "info" ? "info" : "minor";
}

/** Of what the rule is, never of what was observed or on which line it stands. Two equal rules are told apart by their order. */
function fingerprintOf(check: ValidationCheck, table: string | null, seen: Map<string, number>): string {
  const identity = JSON.stringify([table, check.suite, check.kind, check.column, check.name]);
  const count = seen.get(identity) ?? 0;
  seen.set(identity, count + 1);
  return digest(count === 0 ? identity : `${identity}#${count}`);
}

function unreadable(report: ValidationReport, options: CodeQualityOptions): Finding {
  const { code, message, hint } = report.error ?? { code: "", message: "", hint: null };
  return {
    description: clean(hint === null ? message : `${message} ${hint}`, 1000),
    check_name: code,
    fingerprint: digest(JSON.stringify([options.table ?? null, code])),
    severity: "blocker",
    location: { path: dataPath(report, options), lines: { begin: 1 } },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text.toWellFormed()).digest("hex");
}

/** GitLab links the path into the repository; a table elsewhere has none there, and is named by its address. */
function dataPath({ dataset, inputs }: ValidationReport, options: CodeQualityOptions): string {
  const uri = dataset.files[0]?.uri ?? inputs.find((input) => input.role === "data")?.uri ?? dataset.uri;
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(uri) ? clean(uri, 1000) : projectPath(uri, options);
}

/** Relative to the project, with forward slashes and no `./`; a file outside of it keeps its name only. */
function projectPath(file: string, { projectFolder, cwd }: CodeQualityOptions): string {
  const relative = path.relative(projectFolder, path.resolve(cwd, file));
  const isOutside = relative === "" || relative.startsWith("..") || path.isAbsolute(relative);
  return clean(isOutside ? path.basename(file) : relative.split(path.sep).join("/"), 1000);
}
