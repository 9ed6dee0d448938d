import path from "node:path";
import type { ConfigFile } from "../../config/config-file.ts";
import type { Context } from "../../context.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import { isReference } from "../../data/contract/table-checks-form.ts";
import { MlopsError } from "../../errors.ts";

type Paths = string | readonly string[];

/**
 * The contract with its paths (`data`, `tables`, `suites`, the data of references) as they are seen from the working folder: in
 * the file they are relative to the folder of the file. `${NAME}` stands for a variable of the environment.
 */
export function locatePaths(
  contract: ContractSource,
  file: Pick<ConfigFile, "path" | "directory"> | undefined,
  context: Context,
): ContractSource {
  const { path: shown, directory } = file ?? { path: "the contract", directory: context.cwd };
  const seen = (written: string) =>
    fromHere(substituted(written, shown, context.env), directory, context.cwd);
  const all = (written: Paths): string[] => (typeof written === "string" ? [written] : written).map(seen);
  const { data, tables, suites, checks } = contract;
  return {
    ...contract,
    ...(data === undefined ? {} : { data: all(data) }),
    ...(suites === undefined ? {} : { suites: all(suites) }),
    ...(tables === undefined
      ? {}
      : { tables: Object.fromEntries(Object.entries(tables).map(([name, paths]) => [name, all(paths)])) }),
    ...(checks === undefined
      ? {}
      : {
          checks: checks.map((check) =>
            isReference(check) && check.in.data !== undefined
              ? { ...check, in: { ...check.in, data: all(check.in.data) } }
              : check,
          ),
        }),
  };
}

function fromHere(written: string, directory: string, cwd: string): string {
  const isFixed = /^[a-z][a-z0-9+.-]+:\/\//i.test(written) || path.isAbsolute(written);
  return isFixed || directory === cwd ? written : path.relative(cwd, path.resolve(directory, written));
}

function substituted(written: string, file: string, env: Context["env"]): string {
  return written.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value !== undefined) return value;
    throw new MlopsError({
      kind: "usage",
      code: "VARIABLE_MISSING",
      message: `${file}: the path ${written} names the variable ${name}, which is not set.`,
      hint: `Set ${name}, or write the path out.`,
    });
  });
}
