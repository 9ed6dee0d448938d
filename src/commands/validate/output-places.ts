import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Context } from "../../context.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";
import { otherTables } from "../../data/contract/other-tables.ts";
import { locateAll } from "../../data/sources/locate.ts";
import { isRemote } from "../../data/sources/remote.ts";
import { MlopsError } from "../../errors.ts";
import { removeOldResult } from "../../fresh-output.ts";
import type { ValidateInput } from "./flags.ts";

type Options = ValidateInput["options"];

interface Output {
  readonly flag: string;
  readonly file: string;
}

export interface OutputPlaces {
  readonly options: Options;
  readonly contract: ContractSource;
  readonly dataPaths: readonly string[];
  /** As it was found, not as it was asked for; undefined where there is none. */
  readonly configFile: string | undefined;
}

/** The files that a validation writes. */
function outputsOf({ outputPath, junitPath, codeQualityPath, htmlPath, failingRows }: Options): Output[] {
  const named = {
    "--output-path": outputPath,
    "--junit-path": junitPath,
    "--code-quality-path": codeQualityPath,
    "--html-path": htmlPath,
    "--failing-rows": failingRows,
  };
  return Object.entries(named).flatMap(([flag, file]) => (file === undefined ? [] : [{ flag, file }]));
}

/** Throws `usage` where two outputs have one name, and where an output stands in the place of anything that is read. */
export async function refuseOutputs(places: OutputPlaces, context: Context): Promise<void> {
  const { dotenv } = places.options;
  const outputs = [
    ...outputsOf(places.options),
    ...(dotenv === undefined ? [] : [{ flag: "--dotenv", file: dotenv }]),
  ];
  await refuseOneName(outputs, context.cwd);
  await refuseBesideData(places, context.cwd);
  const existing = await statsOf(outputs, context.cwd);
  // Nothing that is not there can be written over.
  if (existing.length === 0) return;
  for (const input of await inputsOf(places, context)) {
    const found = await stat(path.resolve(context.cwd, input)).catch(() => undefined);
    const same = existing.find(({ stats }) => stats.ino === found?.ino && stats.dev === found.dev);
    if (same !== undefined)
      throw refused(
        "OUTPUT_IS_INPUT",
        `${same.flag} is ${same.file}, which is an input at the same time (${input}).`,
      );
  }
}

/** Removes what an earlier start left: where this one ends without a result, nobody may take the old one for it. */
export async function removeOldOutputs(options: Options, cwd: string): Promise<void> {
  for (const output of outputsOf(options)) await removeOldResult(output, [], cwd);
}

async function refuseOneName(outputs: readonly Output[], cwd: string): Promise<void> {
  const seen = new Map<string, Output>();
  for (const output of outputs) {
    const absolutePath = path.resolve(cwd, output.file);
    const folder = path.dirname(absolutePath);
    const place = path.join(await realpath(folder).catch(() => folder), path.basename(absolutePath));
    const other = seen.get(place);
    if (other !== undefined)
      throw refused(
        "OUTPUT_TWICE",
        `${other.flag} and ${output.flag} are both ${output.file}: one would write over the other.`,
      );
    seen.set(place, output);
  }
}

/** The next run would take the failing rows of this one for data. */
async function refuseBesideData({ options, dataPaths }: OutputPlaces, cwd: string): Promise<void> {
  const { failingRows } = options;
  if (failingRows === undefined) return;
  const file = path.resolve(cwd, failingRows);
  for (const written of dataPaths.filter((one) => !isRemote(one))) {
    const place = path.resolve(cwd, written);
    const found = await stat(place).catch(() => undefined);
    const isRead = found === undefined ? path.matchesGlob(file, place) : isBelow(file, place, found);
    if (isRead)
      throw refused(
        "OUTPUT_IS_INPUT",
        `--failing-rows is ${failingRows}, which --data-path ${written} would read as data.`,
      );
  }
}

function isBelow(file: string, place: string, found: Stats): boolean {
  return found.isDirectory() && file.startsWith(place.endsWith(path.sep) ? place : `${place}${path.sep}`);
}

async function statsOf(outputs: readonly Output[], cwd: string) {
  const found = await Promise.all(
    outputs.map(async (output) => ({
      ...output,
      stats: await stat(path.resolve(cwd, output.file)).catch(() => undefined),
    })),
  );
  return found.flatMap(({ stats, ...output }) => (stats === undefined ? [] : [{ ...output, stats }]));
}

/** All local files that are read. Data that cannot be found is said so by whoever reads it. */
async function inputsOf(places: OutputPlaces, context: Context): Promise<string[]> {
  const { options, contract, dataPaths, configFile } = places;
  const tables = [dataPaths, ...otherTables(contract).map((table) => table.paths)];
  const data: string[] = [];
  for (const paths of tables) {
    const local = paths.filter((one) => !isRemote(one));
    const found = await locateAll(local, { cwd: context.cwd, signal: context.signal }).catch(
      (error: unknown) => {
        if (error instanceof MlopsError) return { files: [] };
        throw error;
      },
    );
    data.push(...local, ...found.files.map((file) => file.absolutePath));
  }
  const named = [
    options.contract,
    options.previousReport,
    configFile,
    ...options.suite,
    ...(contract.suites ?? []),
  ];
  return [...data, ...named.filter((one) => one !== undefined)];
}

function refused(code: string, message: string): MlopsError {
  return new MlopsError({ kind: "usage", code, message, hint: "Give the result another name." });
}
