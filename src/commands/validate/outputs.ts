import path from "node:path";
import type { Context } from "../../context.ts";
import { writeFileAtomically, writeJsonFile } from "../../files.ts";
import type { ValidationReport } from "../../results/validation-report.ts";
import type { LoadedContract } from "./contract-file.ts";
import type { ValidateOptions } from "./flags.ts";
import type { LoadedSuites } from "./suites.ts";

/** Writes the report in every form that was asked for, each by its own late-loaded module. */
export async function writeReports(
  report: ValidationReport,
  {
    options,
    loaded,
    suites,
    context,
  }: {
    readonly options: ValidateOptions;
    readonly loaded: LoadedContract;
    readonly suites: LoadedSuites;
    readonly context: Context;
  },
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
    const { placeOfRule } = await import("./rule-place.ts");
    const files = {
      ...loaded,
      prefix: options.contract === undefined ? ["validate"] : [],
      suites: suites.suites,
      suiteFiles: [...options.suite, ...(loaded.contract.suites ?? [])],
    };
    const text = codeQualityJson(report, {
      projectFolder: context.env["CI_PROJECT_DIR"] ?? context.cwd,
      cwd: context.cwd,
      placeOf: (check) => placeOfRule(check, files),
    });
    await writeFileAtomically(at(options.codeQualityPath), text);
  }
}
