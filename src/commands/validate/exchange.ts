import { stat } from "node:fs/promises";
import path from "node:path";
import type { CommandResult } from "../../command.ts";
import type { Context } from "../../context.ts";
import { contractSchema } from "../../data/contract/contract.ts";
import type { ExchangeNote } from "../../data/exchange/draft.ts";
import { type ExportFormat, exportContract } from "../../data/exchange/export-contract.ts";
import { importContract } from "../../data/exchange/import-contract.ts";
import { expectationRules } from "../../data/gx/registry.ts";
import { exitCodes, MlopsError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import { type LoadedContract, readText } from "./contract-file.ts";
import type { ValidateOptions } from "./flags.ts";

const defaultContract = "contract.yaml";

/** `--import FILE`: the rules of another tool's file as a contract. */
export async function importCommand(
  file: string,
  options: ValidateOptions,
  context: Context,
): Promise<CommandResult> {
  const text = await readText(path.resolve(context.cwd, file), `The file ${file}`, "--import");
  const { format, contract, notes, yaml } = importContract({
    text,
    source: file,
    table: options.importTable,
    knowsExpectation: (type) => Object.hasOwn(expectationRules, type),
  });
  const target = await writeContract(yaml, options, context);
  const json = { source: file, format, contract, notes, contractPath: target.path };
  return { exitCode: exitCodes.positive, json, text: [target.text, ...noteLines(notes)].join("\n") };
}

/** `--export FORMAT`: the contract in another tool's format, on stdout; what it cannot say goes to stderr. */
export function exportCommand(format: string, loaded: LoadedContract, context: Context): CommandResult {
  const keys = Object.keys(contractSchema.shape);
  const written = Object.fromEntries(Object.entries(loaded.written).filter(([key]) => keys.includes(key)));
  if (Object.keys(written).length === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "CONTRACT_MISSING",
      message: "There are no rules to export.",
      hint: "Give --contract FILE, or write rules into the validate section of mlops.yaml.",
    });
  }
  const name = path.basename(loaded.file?.path ?? "contract", path.extname(loaded.file?.path ?? ""));
  const { text, notes } = exportContract(written, exportFormat(format), name);
  for (const line of noteLines(notes)) context.report.info(line);
  return { exitCode: exitCodes.positive, json: { format, text, notes }, text: text.replace(/\n$/, "") };
}

function exportFormat(written: string): ExportFormat {
  return written === "gx" || written === "odcs" ? written : "pandera";
}

/** Writes a contract where none stands yet; a dry run prints it. */
export async function writeContract(
  yaml: string,
  options: ValidateOptions,
  context: Context,
): Promise<{ readonly path: string; readonly text: string }> {
  const file = options.contract ?? defaultContract;
  if (options.dryRun) return { path: file, text: yaml.replace(/\n$/, "") };
  const absolutePath = path.resolve(context.cwd, file);
  if ((await stat(absolutePath).catch(() => undefined)) !== undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "CONTRACT_EXISTS",
      message: `${file} exists already; it is not written over.`,
      hint: "Name another file with --contract FILE, or look at the new one with --dry-run.",
    });
  }
  await writeFileAtomically(absolutePath, yaml);
  return {
    path: file,
    text: `Wrote ${file}. Read it, mend it, and run: mlops validate --data-path DATA --contract ${file}`,
  };
}

function noteLines(notes: readonly ExchangeNote[]): string[] {
  if (notes.length === 0) return [];
  return ["Not carried over, or weaker there:", ...notes.map((note) => `  ${note.path}: ${note.reason}`)];
}
