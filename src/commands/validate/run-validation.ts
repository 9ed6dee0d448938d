import path from "node:path";
import type { CommandResult } from "../../command.ts";
import type { Context } from "../../context.ts";
import type { ResultFormat } from "../../data/gx/result-format.ts";
import { judgedReport, unjudgedReport } from "../../data/report/make-report.ts";
import { reportText } from "../../data/report/report-text.ts";
import type { ValidateRequest } from "../../data/request.ts";
import { requireColumns } from "../../data/require-columns.ts";
import { type OpenTable, validateTable } from "../../data/validate-table.ts";
import { exitCodes, MlopsError } from "../../errors.ts";
import { writeJsonFile } from "../../files.ts";
import type { ValidationReport } from "../../results/validation-report.ts";
import { programVersion } from "../../version.ts";
import type { LoadedContract } from "./contract-file.ts";
import type { ValidateOptions } from "./flags.ts";
import { removeOldOutputs } from "./output-places.ts";
import { writeReports } from "./outputs.ts";
import type { LoadedSuites } from "./suites.ts";

/** Job logs wrap nothing; a terminal of less wraps the longest lines. */
const textWidth = 140;

export interface Validation {
  readonly request: ValidateRequest;
  readonly loaded: LoadedContract;
  readonly suites: LoadedSuites;
  readonly options: ValidateOptions;
}

/** Judges the data, writes all reports, and says the verdict. Data that cannot be judged has a report too. */
export async function runValidation(validation: Validation, context: Context): Promise<CommandResult> {
  const { options } = validation;
  await removeOldOutputs(options, context.cwd);
  const { report, hasScriptFault } = await makeReport(validation, context);
  await writeReports(report, { ...validation, context });
  if (report.error !== null) {
    context.report.error(report.error.message);
    if (report.error.hint !== null) context.stderr.write(`       ${report.error.hint}\n`);
    const text = `ERROR: the data could not be judged. Report: ${options.outputPath}`;
    return { exitCode: exitCodes.noVerdict, json: report, text, dotenv: dotenvOf(report) };
  }
  return {
    exitCode: exitCodeOf(report, hasScriptFault),
    json: report,
    text: reportText(report, {
      file: options.outputPath,
      isVerbose: options.verbose,
      color: context.stdout.useColor,
      width: textWidth,
    }),
    dotenv: dotenvOf(report),
  };
}

function exitCodeOf({ verdict }: ValidationReport, hasScriptFault: boolean): number {
  if (verdict === "pass") return exitCodes.positive;
  if (verdict === "fail") return exitCodes.negative;
  return hasScriptFault ? exitCodes.childFailed : exitCodes.noVerdict;
}

async function makeReport(
  validation: Validation,
  context: Context,
): Promise<{ readonly report: ValidationReport; readonly hasScriptFault: boolean }> {
  const { request, loaded, suites, options } = validation;
  const version = await programVersion();
  const inputs = [...loaded.inputs, ...suites.inputs];
  const head = () => ({ version, startedAt: request.now, finishedAt: context.now(), inputs });
  try {
    const judgement = await validateTable(request, async (table) => {
      if (options.format === "gx") await writeGxResult(table, validation, { version, cwd: context.cwd });
    });
    const report = judgedReport(judgement, head());
    const rows = judgement.failingRows;
    const failingRowsFile = rows === undefined ? null : { path: options.failingRows ?? "", rows };
    return { report: { ...report, failingRowsFile }, hasScriptFault: judgement.hasScriptFault };
  } catch (error) {
    if (!(error instanceof MlopsError) || error.kind !== "not-evaluable") throw error;
    return { report: unjudgedReport(error, request.paths, head()), hasScriptFault: false };
  }
}

/** The result of the suite in Great Expectations' own form; of several suites a list of them. */
async function writeGxResult(
  table: OpenTable,
  { suites, options, request }: Validation,
  { version, cwd }: { readonly version: string; readonly cwd: string },
): Promise<void> {
  requireColumns("--index-column", options.indexColumn, table.columns);
  const { gxResults } = await import("../../data/gx/gx-run.ts");
  const results = await gxResults(suites.suites, table, {
    indexColumns: options.indexColumn,
    resultFormat: asResultFormat(options.resultFormat),
    batchId: request.paths.join(", "),
    meta: { mlops_version: version },
  });
  await writeJsonFile(path.resolve(cwd, options.outputPath), results.length === 1 ? results[0] : results);
}

function asResultFormat(written: string): ResultFormat {
  switch (written) {
    case "BOOLEAN_ONLY":
    case "BASIC":
    case "COMPLETE":
      return written;
    default:
      return "SUMMARY";
  }
}

/** Throws where `--format gx` has no suite to write the result of. */
export function requireSuite({ suites }: LoadedSuites): void {
  if (suites.length > 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: "--format gx writes the result of a suite, and no suite is given.",
    hint: "Give --suite FILE; the expect checks of a contract count as a suite.",
  });
}

function dotenvOf({ verdict, dataset }: ValidationReport): Readonly<Record<string, string>> {
  return {
    VALIDATION_VERDICT: verdict,
    ...(dataset.rows === null ? {} : { DATASET_ROWS: String(dataset.rows) }),
    ...(dataset.sha256 === null ? {} : { DATASET_SHA256: dataset.sha256 }),
  };
}
