import { type CommandResult, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { ContractSource } from "../data/contract/contract-form.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import { type ValidateInput, validateFlags } from "./validate/flags.ts";
import type { RequestParts } from "./validate/request.ts";
import type { LoadedSuites } from "./validate/suites.ts";

export const validateCommand = defineCommand({
  name: "validate",
  summary: "check a table against its contract",
  description:
    "Checks a CSV, Parquet or Arrow table against a contract and Great Expectations suites: schema, types, missing values, ranges, sets, patterns, uniqueness, aggregates, references, SQL. Exit 0 pass, 3 the data breaks a rule, 4 the data cannot be judged.",
  examples: [
    "mlops validate --data-path data/train.csv",
    "mlops validate --data-path data/train.parquet --init",
    "mlops validate --data-path 'data/part-*.parquet' --contract contract.yaml --junit-path junit.xml --html-path report.html",
    "mlops validate --data-path s3://bucket/orders/ --contract contract.yaml --memory-limit 2GB",
    "mlops validate --data-path data/train.parquet --suite gx/expectations/train.json --param max_age=99",
    "mlops validate --data-path data/train.parquet --contract contract.yaml --failing-rows bad.parquet --key-column id",
    "mlops validate --import suite.json --contract contract.yaml",
  ],
  flags: validateFlags,
  extras: async () => (await import("../data/contract/contract.ts")).contractSchema,
  run,
});

async function run(input: ValidateInput, context: Context): Promise<CommandResult> {
  const { options } = input;
  refuseTwoTasks(options);
  if (options.import !== undefined) {
    const { importCommand } = await import("./validate/exchange.ts");
    return await importCommand(options.import, options, context);
  }
  if (options.export !== undefined) {
    const { loadContract } = await import("./validate/contract-file.ts");
    const { exportCommand } = await import("./validate/exchange.ts");
    return exportCommand(options.export, await loadContract(input, context), context);
  }
  const startedAt = context.now();
  const [{ beginOpening }, { memoryLimitOf }] = await Promise.all([
    import("./database.ts"),
    import("../data/engine/limits.ts"),
  ]);
  const memoryLimit = await memoryLimitOf(options.memoryLimit);
  const database = beginOpening({ threads: options.threads, memoryLimit }, context);
  try {
    return await runOnData(input, { startedAt, openDatabase: database.take }, context);
  } finally {
    await database.discard();
  }
}

async function runOnData(
  input: ValidateInput,
  begun: Pick<RequestParts, "startedAt" | "openDatabase">,
  context: Context,
): Promise<CommandResult> {
  const { options } = input;
  const { loadContract } = await import("./validate/contract-file.ts");
  // With --init the contract is what is written, not what is read.
  const loaded = await loadContract(
    options.init ? { ...input, options: { ...options, contract: undefined } } : input,
    context,
  );
  const { locatePaths } = await import("./validate/contract-paths.ts");
  const contract = locatePaths(loaded.contract, loaded.file, context);
  const { dataPaths, makeRequest } = await import("./validate/request.ts");
  dataPaths(options, contract);
  refuseIdleFlags(options);
  const suites = await suitesOf(options, contract, context);
  const { showProgress } = await import("./progress.ts");
  const progress = showProgress(context);
  const { remoteFetch } = await import("./remote-data.ts");
  const remote = remoteFetch(context, progress);
  try {
    const parts = {
      ...begun,
      contract,
      contractFile: loaded.file,
      suites: suites.suites,
      fetchRemote: remote.fetch,
      watch: progress.watch,
    };
    const request = await makeRequest(options, parts, context);
    const isWritten = !options.init && !options.explain;
    if (isWritten) {
      const { refuseOutputs } = await import("./validate/output-places.ts");
      const configFile = input.configFile?.path;
      await refuseOutputs({ options, contract, dataPaths: request.paths, configFile }, context);
    }
    if (options.init)
      return await (await import("./validate/init.ts")).initCommand(request, options, context);
    if (options.dryRun || options.explain) return await explain(request, options);
    const { requireSuite, runValidation } = await import("./validate/run-validation.ts");
    if (options.format === "gx") requireSuite(suites);
    return await runValidation({ request, loaded: { ...loaded, contract }, suites, options }, context);
  } finally {
    progress.stop();
    await remote.close();
  }
}

type Options = ValidateInput["options"];

/** Great Expectations is loaded only where a suite, a parameter or an expectation asks for it: most runs have none. */
async function suitesOf(options: Options, contract: ContractSource, context: Context): Promise<LoadedSuites> {
  const { suites = [], checks = [] } = contract;
  const isAsked = [options.suite, options.param, suites, checks.filter((check) => "expect" in check)];
  if (isAsked.every((list) => list.length === 0)) return { suites: [], inputs: [] };
  const { loadSuites } = await import("./validate/suites.ts");
  return await loadSuites(options, contract, context);
}

async function explain(
  request: Parameters<typeof import("../data/validate-table.ts").explainTable>[0],
  { verbose, explain: isAsked }: Options,
): Promise<CommandResult> {
  const { explainTable } = await import("../data/validate-table.ts");
  const { planText } = await import("../data/report/plan-text.ts");
  const { columns, checks, queries } = await explainTable(request);
  return {
    exitCode: exitCodes.positive,
    json: { dryRun: true, columns, checks, queries },
    text: planText(checks, queries, { isVerbose: verbose || isAsked, width: 140 }),
  };
}

/** A flag that changes nothing was meant to change something. */
function refuseIdleFlags({ format, indexColumn, importTable }: Options): void {
  if (importTable !== undefined) throw idle("--import-table names the table of --import, which is missing");
  if (indexColumn.length > 0 && format !== "gx")
    throw idle("--index-column says how --format gx names rows, which is missing");
}

function idle(message: string): MlopsError {
  return new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: `${message}.` });
}

/** Each of these is a task of its own; together they cannot be meant. */
function refuseTwoTasks(options: Options): void {
  const tasks = (["init", "import", "export", "explain"] as const).filter(
    (name) => options[name] !== undefined && options[name] !== false,
  );
  if (tasks.length <= 1) return;
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: `${tasks.map((name) => `--${name}`).join(" and ")} are different tasks.`,
    hint: "Give one of them.",
  });
}
