import path from "node:path";
import type { Context } from "../../context.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import { writtenExpectations } from "../../data/contract/programs.ts";
import { parseParameters } from "../../data/gx/parameters.ts";
import { readSuite, type Suite } from "../../data/gx/suite.ts";
import { MlopsError } from "../../errors.ts";
import { digestOf } from "../../files.ts";
import type { ResultInput } from "../../results/core.ts";
import { readText } from "./contract-file.ts";
import type { ValidateOptions } from "./flags.ts";

export interface LoadedSuites {
  /** The expectations that the contract states, if there are any, then the suites of files. */
  readonly suites: readonly Suite[];
  readonly inputs: readonly ResultInput[];
}

const gxSeverity = { fail: "critical", warn: "warning", info: "info" } as const;

/** Reads all suites: those of `--suite`, then those that the contract names. Throws `usage` with file and line. */
export async function loadSuites(
  options: ValidateOptions,
  contract: ContractSource,
  context: Context,
): Promise<LoadedSuites> {
  const parameters = parseParameters(options.param);
  const now = context.now();
  const suites: Suite[] = statedSuite(contract, { parameters, now });
  const inputs: ResultInput[] = [];
  for (const file of [...options.suite, ...(contract.suites ?? [])]) {
    const absolutePath = path.resolve(context.cwd, file);
    const text = await readText(absolutePath, `The suite ${file}`, "--suite, or suites in the contract");
    suites.push(readSuite({ text, shown: file, parameters, now }));
    inputs.push({ role: "suite", uri: file, ...(await digestOf(absolutePath)) });
  }
  refuseUnused(parameters, suites);
  return { suites, inputs };
}

/** The `expect` checks of a contract are a suite of their own. */
function statedSuite(
  contract: ContractSource,
  given: { readonly parameters: ReturnType<typeof parseParameters>; readonly now: Date },
): Suite[] {
  const stated = writtenExpectations(contract);
  if (stated.length === 0) return [];
  const expectations = stated.map(({ type, kwargs, severity, description }) => ({
    type,
    kwargs,
    severity: gxSeverity[severity],
    meta: {},
    ...(description === undefined ? {} : { description }),
  }));
  const text = JSON.stringify({ name: "contract", expectations, meta: {} }, null, 1);
  return [readSuite({ text, shown: "the expect checks of the contract", ...given })];
}

/** A parameter that no suite asks for is a typing error more often than not. */
function refuseUnused(parameters: ReturnType<typeof parseParameters>, suites: readonly Suite[]): void {
  const unused = [...parameters.keys()].filter(
    (name) => !suites.some((suite) => suite.usedParameters.has(name)),
  );
  if (unused.length === 0) return;
  const known = [...new Set(suites.flatMap((suite) => [...suite.usedParameters]))];
  throw new MlopsError({
    kind: "usage",
    code: "PARAMETER_UNKNOWN",
    message: `No suite asks for the parameter ${unused.join(", ")}.`,
    hint: known.length === 0 ? "No suite has parameters: leave --param out." : `Known: ${known.join(", ")}.`,
  });
}
