import { readFile } from "node:fs/promises";
import path from "node:path";
import { schemaProblems } from "../../config/check.ts";
import type { ConfigFile } from "../../config/config-file.ts";
import { parseConfig } from "../../config/parse.ts";
import type { Context } from "../../context.ts";
import { contractFileSchema } from "../../data/contract/contract.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import { MlopsError, messageOf } from "../../errors.ts";
import { digestOf } from "../../files.ts";
import type { ResultInput } from "../../results/core.ts";
import type { ValidateInput } from "./flags.ts";

export interface LoadedContract {
  readonly contract: ContractSource;
  /** As it was written, for other tools' formats. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The file and where its keys stand; undefined where there is none. */
  readonly file: ConfigFile | undefined;
  readonly inputs: readonly ResultInput[];
}

/** The rules of `--contract`, else those of the validate section of mlops.yaml. Throws `usage` with file and line. */
export async function loadContract(input: ValidateInput, context: Context): Promise<LoadedContract> {
  const { contract: file } = input.options;
  if (file === undefined) {
    const section = input.configFile?.values["validate"];
    const written = typeof section === "object" && section !== null ? { ...section } : {};
    return { contract: input.extras ?? {}, written, file: input.configFile, inputs: [] };
  }
  if (Object.keys(input.extras ?? {}).length > 0)
    context.report.info(
      `The rules of ${file} are used instead of those in ${input.configFile?.path ?? "mlops.yaml"}.`,
    );
  const absolutePath = path.resolve(context.cwd, file);
  const text = await readText(absolutePath, `The contract ${file}`, input.origin("contract").where);
  const document = parseConfig(text, file, path.dirname(absolutePath));
  // Read once: to compile a reader for every kind of object in it takes longer than to read it.
  const parsed = contractFileSchema.safeParse(document.values, { jitless: true });
  if (!parsed.success) {
    const problems = schemaProblems(document, contractFileSchema, {
      issues: parsed.error.issues,
      prefix: [],
    });
    throw new MlopsError({
      kind: "usage",
      code: "CONTRACT_INVALID",
      message: problems.join("\n"),
      hint: "Mend the contract at the lines named.",
    });
  }
  const inputs = [{ role: "contract", uri: file, ...(await digestOf(absolutePath)) }];
  return { contract: parsed.data, written: { ...document.values }, file: document, inputs };
}

/** The text of a file that a flag names; throws `usage`. `about` begins the message, `where` names the flag. */
export async function readText(absolutePath: string, about: string, where: string): Promise<string> {
  return await readFile(absolutePath, "utf8").catch((error: unknown) => {
    throw new MlopsError({
      kind: "usage",
      code: "CONTRACT_UNREADABLE",
      message: `${about} cannot be read: ${messageOf(error)}.`,
      hint: `Check ${where}.`,
      cause: error,
    });
  });
}
