import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Side } from "../compare/side.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { ComparisonResult } from "../results/comparison.ts";
import { trackingFlags } from "./shared-flags.ts";

const flags = {
  metric: { kind: "list", value: "NAME", summary: "compare these metrics only, by any of their names" },
  outputPath: { kind: "path", value: "FILE", summary: "also write the comparison as JSON" },
  report: {
    kind: "path",
    value: "FILE",
    summary: "also write the comparison, with curves, as one HTML page",
  },
  ...trackingFlags,
} as const;

type Options = OptionsOf<typeof flags>;
type Input = CommandInput<Options, undefined>;

export const compareCommand = defineCommand({
  name: "compare",
  summary: "show evaluations of models side by side",
  description:
    "Sets runs, versions of registered models or result files beside the first one: metrics with their change and its " +
    "interval (paired, where both kept the scores of the same rows), subgroups with the largest loss first, parameters that differ. It decides nothing: that is `mlops gate`.",
  examples: [
    "mlops compare models:/mortality@champion evaluation_results.json",
    "mlops compare old.json new.json --metric roc_auc --metric brier",
    "mlops compare models:/mortality@champion evaluation_results.json --report comparison.html",
    "mlops compare runs:/0a1b2c3d4e5f60718293a4b5c6d7e8f9 models:/mortality/3 models:/mortality/4 --json",
  ],
  flags,
  operands: { name: "what", summary: "result file, runs:/ID, models:/NAME/VERSION, models:/NAME@ALIAS" },
  async run(input, context) {
    const startedAt = context.now();
    const { operandOf } = await import("../compare/operand.ts");
    const { compareSides } = await import("../compare/comparison.ts");
    const { mostSides, readSides } = await import("./compare/sides.ts");
    requireTwo(input.operands, mostSides);
    await removeOldResults(input, context);
    const read = await readSides(input.operands.map(operandOf), input.options, context);
    const { sides, pairings, parameterNotes } = read;
    requireOneTask(sides);
    const comparison = compareSides(sides, { only: input.options.metric, pairings, parameterNotes });
    if (comparison.metrics.every((row) => row.changes.every((change) => change === null)))
      throw nothingShared(sides, input.options.metric);
    for (const warning of comparison.warnings) context.report.warn(warning);
    return await resultOf({ input, sides, comparison, startedAt }, context);
  },
});

/** Where this start ends without a result, nobody may take an earlier one for it. */
async function removeOldResults({ options, operands }: Input, { cwd }: Context): Promise<void> {
  const { outputPath, report, dryRun } = options;
  if (dryRun) return;
  const { removeOldResult } = await import("../fresh-output.ts");
  if (outputPath !== undefined)
    await removeOldResult({ flag: "--output-path", file: outputPath }, operands, cwd);
  if (report !== undefined)
    await removeOldResult({ flag: "--report", file: report, others: [outputPath] }, operands, cwd);
}

function requireTwo(operands: readonly string[], most: number): void {
  if (operands.length >= 2 && operands.length <= most) return;
  throw new MlopsError({
    kind: "usage",
    code: "COMPARE_OPERANDS",
    message:
      operands.length < 2
        ? `mlops compare takes two or more things, and ${operands.length === 0 ? "none was" : "one was"} given.`
        : `mlops compare takes at most ${most} things, and ${operands.length} were given.`,
    hint: "For example: mlops compare models:/NAME@champion evaluation_results.json",
  });
}

/** What has the same name in two tasks is not the same: `gini`, `log_loss`. */
function requireOneTask(sides: readonly Side[]): void {
  const [first, ...others] = sides.filter((side) => side.results !== undefined);
  const other = others.find((side) => side.results?.task !== first?.results?.task);
  if (other === undefined || first === undefined) return;
  const named = [first, other].map(
    ({ label, uri, results }) => `${label} (${uri}) is of the task ${results?.task}`,
  );
  throw new MlopsError({
    kind: "not-evaluable",
    code: "TASKS_DIFFER",
    message: `${named.join(", ")}: their metrics cannot be compared.`,
    hint: "Give evaluations of the same task.",
  });
}

function nothingShared(sides: readonly Side[], only: readonly string[]): MlopsError {
  const named = sides.map(
    (side) => `${side.label} (${side.uri}) has ${[...side.evaluation.metrics.keys()].join(", ")}.`,
  );
  return new MlopsError({
    kind: "not-evaluable",
    code: "NOTHING_IN_COMMON",
    message: `There is no metric that two sides have${only.length === 0 ? "" : `, of those named: ${only.join(", ")} (--metric)`}.\n${named.join("\n")}`,
    hint: "Give evaluations of the same task, and with --metric names that they hold.",
  });
}

async function resultOf(
  parts: {
    readonly input: Input;
    readonly sides: readonly Side[];
    readonly comparison: ReturnType<typeof import("../compare/comparison.ts").compareSides>;
    readonly startedAt: Date;
  },
  context: Context,
): Promise<CommandResult> {
  const { comparisonDocument } = await import("../compare/comparison-document.ts");
  const { comparisonText } = await import("../compare/comparison-text.ts");
  const { programVersion } = await import("../version.ts");
  const { sides, comparison, startedAt } = parts;
  const head = { version: await programVersion(), startedAt, finishedAt: context.now() };
  const json = comparisonDocument(sides, comparison, head);
  const written = parts.input.options.dryRun
    ? []
    : await writeResults(parts.input, sides, { json, cwd: context.cwd });
  const text = comparisonText(sides, comparison);
  return {
    exitCode: exitCodes.positive,
    json,
    text: written.length === 0 ? text : `${text}\nwritten to ${written.join(" and ")}`,
  };
}

/** Makes the page before anything is written, and answers the files as the user named them. */
async function writeResults(
  { options }: Input,
  sides: readonly Side[],
  { json, cwd }: { readonly json: ComparisonResult; readonly cwd: string },
): Promise<string[]> {
  const { default: path } = await import("node:path");
  const { writeFileAtomically, writeJsonFile } = await import("../files.ts");
  const { outputPath, report } = options;
  const page = report === undefined ? "" : await reportOf(json, sides);
  if (outputPath !== undefined) await writeJsonFile(path.resolve(cwd, outputPath), json);
  if (report !== undefined) await writeFileAtomically(path.resolve(cwd, report), page);
  return [outputPath, report].filter((file) => file !== undefined);
}

async function reportOf(json: ComparisonResult, sides: readonly Side[]): Promise<string> {
  const { comparisonReport } = await import("../report/comparison-html.ts");
  return await comparisonReport(
    json,
    sides.map((side) => side.results),
  );
}
