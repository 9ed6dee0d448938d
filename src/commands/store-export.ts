import path from "node:path";
import { type CommandResult, defineCommand } from "../command.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { ExportReport } from "../store/export.ts";
import { trackingFlags } from "./shared-flags.ts";

const flags = {
  storeDir: trackingFlags.storeDir,
  skipUnrepresentable: {
    kind: "boolean",
    summary: "leave out what MLflow's layout cannot hold, and list it, instead of refusing",
  },
} as const;

export const storeExportCommand = defineCommand({
  name: "store export",
  summary: "write the embedded store as a tree for `mlflow migrate-filestore`",
  description:
    "Writes runs, metrics, models, versions, aliases and artifacts to a new folder, from which MLflow's own\n" +
    "migration fills a database. The store itself is not changed.",
  examples: ["mlops store export mlruns-export", "mlops store export out --skip-unrepresentable"],
  flags,
  operands: { name: "dir", summary: "folder to write: new or empty" },
  async run({ options, operands }, context) {
    const [directory, ...more] = operands;
    if (directory === undefined || more.length > 0) throw wrongUse(operands);
    const target = path.resolve(context.cwd, directory);
    const { exportStore } = await import("../store/export.ts");
    const report = await exportStore({
      directory: path.resolve(context.cwd, options.storeDir),
      target,
      skipUnrepresentable: options.skipUnrepresentable,
      dryRun: options.dryRun,
      now: context.now,
      randomHex: context.randomHex,
    });
    for (const loss of [...report.notes, ...report.losses]) context.report.warn(loss);
    return resultOf(report, { directory, dryRun: options.dryRun });
  },
});

function resultOf(
  report: ExportReport,
  { directory, dryRun }: { readonly directory: string; readonly dryRun: boolean },
): CommandResult {
  const counts = [
    `${report.experiments} experiments`,
    `${report.runs} runs`,
    `${report.loggedModels} logged models`,
    `${report.registeredModels} registered models`,
    `${report.modelVersions} versions`,
  ].join(", ");
  const lost =
    report.losses.length === 0 ? "" : `\n${report.losses.length} things left out, see the warnings`;
  const next = dryRun
    ? ""
    : `\nNext: mlflow migrate-filestore --source ${directory} --target sqlite:///mlflow.db\n` +
      `      mlflow server --backend-store-uri sqlite:///mlflow.db --artifacts-destination ${directory}`;
  return {
    exitCode: exitCodes.positive,
    json: { command: "store export", directory, dryRun, ...report },
    text: `${dryRun ? "would write" : "wrote"} ${directory}: ${counts}${lost}${next}`,
  };
}

function wrongUse(operands: readonly string[]): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "EXPORT_TARGET_MISSING",
    message:
      operands.length === 0
        ? "mlops store export needs the folder to write."
        : `mlops store export takes one folder, not ${operands.length}: ${operands.join(" ")}.`,
    hint: "For example: mlops store export mlruns-export",
  });
}
