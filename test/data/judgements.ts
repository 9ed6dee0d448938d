import { writeFileSync } from "node:fs";
import path from "node:path";
import { contractSchema } from "../../src/data/contract/contract.ts";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import type { ValidateRequest } from "../../src/data/request.ts";
import { type TableJudgement, validateTable } from "../../src/data/validate-table.ts";
import type { ValidationCheck } from "../../src/results/validation-report.ts";
import { temporaryFolder } from "../support/folder.ts";

/** What `validateTable` says of one file; `more` replaces its other settings. */
export async function judged(
  file: string,
  contract: unknown = {},
  more: object = {},
): Promise<TableJudgement> {
  return await validateTable({ ...requestFor(file, contract), ...more });
}

/** A request with nothing asked for but the contract. */
export function requestFor(file: string, contract: unknown = {}): ValidateRequest {
  return {
    paths: [path.basename(file)],
    cwd: path.dirname(file),
    contract: contractSchema.parse(contract),
    placeInContract: (key) => key.join("."),
    suites: [],
    encoding: undefined,
    openDatabase: () => openDuckDb({ threads: 2 }),
    wantsProfiles: false,
    failingRows: undefined,
    fetchRemote: undefined,
    env: { PATH: process.env["PATH"] },
    redact: (text) => text,
    watch: { phase: () => {}, follow: () => {} },
    maxNullRatio: 0.05,
    minRows: undefined,
    maxRows: undefined,
    previousRows: undefined,
    now: new Date("2026-11-22T12:00:00Z"),
    delimiter: undefined,
    signal: new AbortController().signal,
  };
}

/** The same of a CSV file with this text. */
export async function judgedText(
  text: string,
  contract: unknown = {},
  more: object = {},
): Promise<TableJudgement> {
  const file = path.join(temporaryFolder(), "x.csv");
  writeFileSync(file, text);
  return await judged(file, contract, more);
}

/** A Parquet file of one SELECT, written by DuckDB. */
export async function parquet(select: string): Promise<string> {
  const file = path.join(temporaryFolder(), "x.parquet");
  const db = await openDuckDb();
  await db.query(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
  await db.close();
  return file;
}

/** The check of that name; throws with the names there are. */
export function check(judgement: TableJudgement, name: string): ValidationCheck {
  const found = judgement.checks.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`no check ${name} among ${judgement.checks.map((one) => one.name).join()}`);
  return found;
}

/** A contract with rules for the one column x. */
export const column = (rules: object) => ({ columns: [{ name: "x", ...rules }] });
