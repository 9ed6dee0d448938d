import path from "node:path";
import type { Context } from "../../context.ts";
import { writeFileAtomically, writeJsonFile } from "../../files.ts";
import type { ValidationReport } from "../../results/validation-report.ts";
import type { LoadedContract } from "./contract-file.ts";
import type { ValidateOptions } from "./flags.ts";

/** Writes the report in every form that was asked for, each by its own late-loaded module. */
export async function writeReports(
  report: ValidationReport,
  {
    options,
    loaded,
    context,
  }: { readonly options: ValidateOptions; readonly loaded: LoadedContract; readonly context: Context },
): Promise<void> {
  const at = (file: string) => path.resolve(context.cwd, file);
  if (options.format === "mlops" || report.error !== null)
    await writeJsonFile(at(options.outputPath), report);
  if (options.junitPath !== undefined) {
    const { junitXml } = await import("../../data/report/junit.ts");
    await writeFileAtomically(at(options.junitPath), junitXml(report));
  }
  if (options.htmlPath !== undefined) {
    const { htmlPage } = await import("../../data/report/html.ts");
    await writeFileAtomically(at(options.htmlPath), htmlPage(report));
  }
  if (options.codeQualityPath !== undefined) {
    const { codeQualityJson } = await import("../../data/report/code-quality.ts");
    const text = codeQualityJson(report, {
      projectFolder: context.env["CI_PROJECT_DIR"] ?? context.cwd,
      cwd: context.cwd,
      placeOf: (check) => placeOf(check, { options, loaded }),
    });
    await writeFileAtomically(at(options.codeQualityPath), text);
  }
}

/** Where a rule is written: the card of its column in the contract, or the suite's file. */
function placeOf(
  check: ValidationReport["checks"][number],
  { options, loaded }: { readonly options: ValidateOptions; readonly loaded: LoadedContract },
) {
  if (check.suite !== null) {
    const [file] = options.suite;
    return file === undefined ? undefined : { file, line: undefined };
  }
  if (check.isDefault || loaded.file === undefined) return undefined;
  const { file, contract } = loaded;
  const card = (contract.columns ?? []).findIndex((one) => one.name === check.column);
  const prefix = options.contract === undefined ? ["validate"] : [];
  const located = file.locate(card < 0 ? prefix : [...prefix, "columns", card]);
  const line = /:(\d+)$/.exec(located)?.[1];
  return { file: file.path, line: line === undefined ? undefined : Number(line) };
}
