import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ConfigFile } from "../../config/config-file.ts";
import type { Context } from "../../context.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import type { Suite } from "../../data/gx/suite.ts";
import type { ValidateRequest } from "../../data/request.ts";
import { MlopsError, messageOf } from "../../errors.ts";
import type { ValidateOptions } from "./flags.ts";

export interface RequestParts {
  readonly contract: ContractSource;
  /** The file that the contract stands in; undefined without one. */
  readonly contractFile: ConfigFile | undefined;
  readonly suites: readonly Suite[];
  readonly startedAt: Date;
  readonly openDatabase: ValidateRequest["openDatabase"];
  readonly fetchRemote: ValidateRequest["fetchRemote"];
  readonly watch: ValidateRequest["watch"];
}

/** What the flags and the contract ask for. Throws `usage` for settings that cannot be meant. */
export async function makeRequest(
  options: ValidateOptions,
  parts: RequestParts,
  context: Context,
): Promise<ValidateRequest> {
  const { contract, contractFile, suites, startedAt, openDatabase, fetchRemote, watch } = parts;
  refuseReversedRows(options);
  return {
    paths: dataPaths(options, contract),
    cwd: context.cwd,
    contract,
    placeInContract(key) {
      const full = options.contract === undefined ? ["validate", ...key] : key;
      const shown = full.join(".");
      return contractFile === undefined ? shown : `${contractFile.locate(full)}: ${shown}`;
    },
    suites,
    maxNullRatio: options.maxNullRatio,
    minRows: options.minRows,
    maxRows: options.maxRows,
    previousRows: await previousRows(options, context),
    delimiter: delimiterOption(options.delimiter),
    encoding: options.encoding,
    openDatabase,
    now: startedAt,
    wantsProfiles: options.htmlPath !== undefined,
    failingRows: failingRowsOption(options, context),
    fetchRemote,
    env: context.env,
    redact: (text) => context.redactor.redact(text),
    watch,
    signal: context.signal,
  };
}

function refuseReversedRows({ minRows, maxRows }: ValidateOptions): void {
  if (minRows === undefined || maxRows === undefined || minRows <= maxRows) return;
  throw new MlopsError({
    kind: "usage",
    code: "ROWS_REVERSED",
    message: `--min-rows ${minRows} is more than --max-rows ${maxRows}: no table has so many rows.`,
    hint: "Mend one of them.",
  });
}

/** `--data-path`, else the data that the contract names. */
export function dataPaths(options: ValidateOptions, contract: ContractSource): readonly string[] {
  if (options.dataPath.length > 0) return options.dataPath;
  const { data } = contract;
  if (data !== undefined) return typeof data === "string" ? [data] : data;
  throw new MlopsError({
    kind: "usage",
    code: "DATA_PATH_MISSING",
    message: "There is no data to validate: --data-path is missing.",
    hint: "Give --data-path FILE, set MLOPS_DATA_PATH, or write data_path in the validate section of mlops.yaml.",
  });
}

async function previousRows(
  { previousReport: file }: ValidateOptions,
  context: Context,
): Promise<number | undefined> {
  if (file === undefined) return undefined;
  const refused = (problem: string, cause?: unknown) =>
    new MlopsError({
      kind: "not-evaluable",
      code: "PREVIOUS_REPORT_UNREADABLE",
      message: `The report of the run before, ${file}, ${problem}.`,
      hint: "Give the validation_report.json of that run, or leave --previous-report out.",
      cause,
    });
  const text = await readFile(path.resolve(context.cwd, file), "utf8").catch((error: unknown) => {
    throw refused(`cannot be read: ${messageOf(error)}`, error);
  });
  const { validationReport } = await import("../../results/validation-report.ts");
  try {
    const report = validationReport.pick({ dataset: true }).strip().parse(JSON.parse(text));
    if (report.dataset.rows === null) throw refused("judged no data");
    return report.dataset.rows;
  } catch (error) {
    throw error instanceof MlopsError ? error : refused("is no validation report", error);
  }
}

function failingRowsOption(options: ValidateOptions, context: Context): ValidateRequest["failingRows"] {
  const { failingRows: file, keyColumn: keyColumns, showValues: showsValues } = options;
  if (file !== undefined) return { file: path.resolve(context.cwd, file), keyColumns, showsValues };
  if (keyColumns.length === 0 && !showsValues) return undefined;
  throw usage(
    `${showsValues ? "--show-values" : "--key-column"} says how --failing-rows is written, which is missing`,
  );
}

function delimiterOption(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const character = value === "\\t" || value === "tab" ? "\t" : value;
  if (/^[\x20-\x7e\t]$/.test(character) && character !== '"') return character;
  throw usage(
    `--delimiter is ${JSON.stringify(value)}, expected one ASCII character other than a quote, or tab`,
  );
}

function usage(message: string): MlopsError {
  return new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: `${message}.` });
}
