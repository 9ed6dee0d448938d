import {
  type CommandInput,
  type CommandResult,
  defineCommand,
  type FlagTable,
  type OptionsOf,
} from "../command.ts";
import type { Context } from "../context.ts";
import type { ContractSource } from "../data/contract/contract.ts";
import type { ValidateRequest } from "../data/validate-table.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { ResultInput } from "../results/core.ts";
import type { ValidationReport } from "../results/validation-report.ts";

const flags = {
  dataPath: {
    kind: "path-list",
    value: "FILE",
    summary: "CSV or Parquet file; several files are read as one table",
  },
  contract: {
    kind: "path",
    value: "FILE",
    summary: "YAML file with the rules (default: those in the validate section of mlops.yaml)",
  },
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "validation_report.json",
    summary: "where the report is written, also when the data fails",
  },
  maxNullRatio: {
    kind: "fraction",
    value: "SHARE",
    default: 0.05,
    summary: "share of missing values allowed in every column without an own rule",
  },
  minRows: { kind: "integer", value: "N", summary: "rows needed (default: 1); 0 allows an empty table" },
  maxRows: { kind: "integer", value: "N", summary: "rows allowed" },
  delimiter: {
    kind: "string",
    value: "CHAR",
    summary: "delimiter of CSV files (default: the one of , ; tab | that the header line uses most)",
  },
} as const satisfies FlagTable;

/** Job logs wrap nothing; a terminal of less wraps the longest lines. */
const textWidth = 140;

type Input = CommandInput<OptionsOf<typeof flags>, ContractSource>;

interface LoadedContract {
  readonly contract: ContractSource;
  readonly inputs: readonly ResultInput[];
}

export const validateCommand = defineCommand({
  name: "validate",
  summary: "check a table against its contract",
  description:
    "Checks a CSV or Parquet table: schema, types, missing values, ranges, allowed values, uniqueness, number of rows. Exit 0 pass, 3 the data breaks a rule, 4 the data cannot be judged.",
  examples: [
    "mlops validate --data-path data/train.csv",
    "mlops validate --data-path data/train.parquet --contract contract.yaml --max-null-ratio 1%",
    "mlops validate --data-path part-1.csv --data-path part-2.csv --min-rows 1000 --output-path report.json",
  ],
  flags,
  extras: async () => (await import("../data/contract/contract.ts")).contractSchema,
  run,
});

async function run(input: Input, context: Context): Promise<CommandResult> {
  const { options } = input;
  if (options.dataPath.length === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "DATA_PATH_MISSING",
      message: "There is no data to validate: --data-path is missing.",
      hint: "Give --data-path FILE, set MLOPS_DATA_PATH, or write data_path in the validate section of mlops.yaml.",
    });
  }
  const startedAt = context.now();
  const loaded = await loadContract(input, context);
  const request: ValidateRequest = {
    paths: options.dataPath,
    cwd: context.cwd,
    contract: loaded.contract,
    maxNullRatio: options.maxNullRatio,
    minRows: options.minRows,
    maxRows: options.maxRows,
    previousRows: undefined,
    now: startedAt,
    delimiter: delimiterOption(options.delimiter),
    signal: context.signal,
  };
  if (options.dryRun) return await dryRun(request, options.verbose);
  const { removeOldResult } = await import("../fresh-output.ts");
  await removeOldResult(options.outputPath, [...options.dataPath, options.contract], context.cwd);
  const report = await makeReport(request, loaded, { startedAt, context });
  return await finish(report, options, context);
}

async function dryRun(request: ValidateRequest, isVerbose: boolean): Promise<CommandResult> {
  const { explainTable } = await import("../data/validate-table.ts");
  const { planText } = await import("../data/report/plan-text.ts");
  const { columns, checks, queries } = await explainTable(request);
  return {
    exitCode: exitCodes.positive,
    json: { dryRun: true, columns, checks, queries },
    text: planText(checks, queries, { isVerbose, width: textWidth }),
  };
}

/** The report of a judged table, or of one that could not be judged. */
async function makeReport(
  request: ValidateRequest,
  loaded: LoadedContract,
  { startedAt, context }: { readonly startedAt: Date; readonly context: Context },
): Promise<ValidationReport> {
  const { validateTable } = await import("../data/validate-table.ts");
  const { judgedReport, unjudgedReport } = await import("../data/report/make-report.ts");
  const { programVersion } = await import("../version.ts");
  const version = await programVersion();
  const head = () => ({ version, startedAt, finishedAt: context.now(), inputs: loaded.inputs });
  try {
    return judgedReport(await validateTable(request), head());
  } catch (error) {
    if (!(error instanceof MlopsError) || error.kind !== "not-evaluable") throw error;
    return unjudgedReport(error, request.paths, head());
  }
}

async function finish(
  report: ValidationReport,
  options: Input["options"],
  context: Context,
): Promise<CommandResult> {
  const path = await import("node:path");
  const { writeJsonFile } = await import("../files.ts");
  const { reportText } = await import("../data/report/report-text.ts");
  await writeJsonFile(path.resolve(context.cwd, options.outputPath), report);
  if (report.error !== null) {
    context.report.error(report.error.message);
    if (report.error.hint !== null) context.stderr.write(`       ${report.error.hint}\n`);
    const text = `ERROR: the data could not be judged. Report: ${options.outputPath}`;
    return { exitCode: exitCodes.noVerdict, json: report, text, dotenv: dotenvOf(report) };
  }
  const exitCodeOf = { pass: exitCodes.positive, fail: exitCodes.negative } as const;
  const { verdict } = report;
  return {
    exitCode: verdict === "pass" || verdict === "fail" ? exitCodeOf[verdict] : exitCodes.noVerdict,
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

async function loadContract(input: Input, context: Context): Promise<LoadedContract> {
  const { contract: file } = input.options;
  if (file === undefined) return { contract: input.extras ?? {}, inputs: [] };
  if (Object.keys(input.extras ?? {}).length > 0)
    context.report.info(
      `The rules of ${file} are used instead of those in ${input.configFile?.path ?? "mlops.yaml"}.`,
    );
  const path = await import("node:path");
  const { readFile } = await import("node:fs/promises");
  const { digestOf } = await import("../files.ts");
  const absolutePath = path.resolve(context.cwd, file);
  const text = await readFile(absolutePath, "utf8").catch((error: unknown) => {
    throw new MlopsError({
      kind: "usage",
      code: "CONTRACT_UNREADABLE",
      message: `The contract ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      hint: `Check ${input.origin("contract").where}.`,
      cause: error,
    });
  });
  const contract = await parseContract(text, file, path.dirname(absolutePath));
  return { contract, inputs: [{ role: "contract", uri: file, ...(await digestOf(absolutePath)) }] };
}

async function parseContract(text: string, file: string, directory: string): Promise<ContractSource> {
  const { parseConfig } = await import("../config/file.ts");
  const { schemaProblems } = await import("../config/check.ts");
  const { contractFileSchema } = await import("../data/contract/contract.ts");
  const document = parseConfig(text, file, directory);
  const parsed = contractFileSchema.safeParse(document.values);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(document, contractFileSchema, { issues: parsed.error.issues, prefix: [] });
  throw new MlopsError({
    kind: "usage",
    code: "CONTRACT_INVALID",
    message: problems.join("\n"),
    hint: "Mend the contract at the lines named.",
  });
}

function delimiterOption(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const character = value === "\\t" || value === "tab" ? "\t" : value;
  if (/^[\x20-\x7e\t]$/.test(character) && character !== '"') return character;
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: `--delimiter is ${JSON.stringify(value)}, expected one ASCII character other than a quote, or tab.`,
  });
}

function dotenvOf({ verdict, dataset }: ValidationReport): Readonly<Record<string, string>> {
  return {
    VALIDATION_VERDICT: verdict,
    ...(dataset.rows === null ? {} : { DATASET_ROWS: String(dataset.rows) }),
    ...(dataset.sha256 === null ? {} : { DATASET_SHA256: dataset.sha256 }),
  };
}
