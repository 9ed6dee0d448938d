import type { Hash } from "node:crypto";
import path from "node:path";
import type { MeasuredColumns } from "../../kept/keep-scores.ts";
import { ColumnFile } from "../column-file.ts";
import { hashColumn } from "../hash-column.ts";
import type { Block } from "../read-blocks.ts";
import type { RankingColumns } from "./ranking-columns.ts";

type Values = Float64Array | Float32Array;

/** The columns of a ranking, one a file, in one order of the rows. Must be closed. */
export interface RankingFiles {
  readonly columns: readonly {
    readonly name: RankingColumns["columns"][number]["name"];
    readonly file: ColumnFile;
    /** None of the values, for their type. */
    readonly like: Values;
  }[];
  close(): Promise<void>;
}

/** Rows that are read or written at once. */
export const blockRows = 2 ** 16;

/** Makes the files, empty, in a folder that has none of that prefix. */
export async function makeRankingFiles(
  folder: string,
  prefix: string,
  { columns }: RankingColumns,
): Promise<RankingFiles> {
  const made: ColumnFile[] = [];
  const close = async () => {
    await Promise.all(made.map((file) => file.close()));
  };
  try {
    for (const { name } of columns)
      made.push(await ColumnFile.make(path.join(folder, `${prefix}${name}.column`)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    columns: made.flatMap((file, index) => {
      const own = columns[index];
      return own === undefined ? [] : [{ name: own.name, file, like: own.values.slice(0, 0) }];
    }),
    close,
  };
}

/** Writes the rows that were read last, so many, from row `start` on. */
export async function writeRows(
  { columns: files }: RankingFiles,
  { columns }: RankingColumns,
  { start, rows }: Block,
): Promise<void> {
  for (const [index, { values }] of columns.entries())
    await files[index]?.file.write(start, values.subarray(0, rows));
}

/** Adds one column after the other. Throws the reason of an aborted signal. */
export async function hashRankingFiles(
  hash: Hash,
  columns: RankingFiles["columns"],
  known: { readonly rows: number; readonly signal: AbortSignal },
): Promise<string> {
  for (const { file, like } of columns) {
    const memory = (count: number) => memoryFor(like, count);
    await hashColumn(hash, file, { ...known, like: memory });
  }
  return hash.digest("hex");
}

/** What was measured, as it stands in the table. */
export function measuredFiles({ columns }: RankingFiles, rows: number, signal: AbortSignal): MeasuredColumns {
  async function* stretches() {
    for (let start = 0; start < rows; start += blockRows) {
      signal.throwIfAborted();
      const arrays: { readonly name: string; readonly values: Values }[] = [];
      for (const { name, file, like } of columns) {
        const values = memoryFor(like, Math.min(blockRows, rows - start));
        await file.read(start, values);
        arrays.push({ name, values });
      }
      yield arrays;
    }
  }
  return { names: columns.map((one) => one.name), stretches: stretches() };
}

function memoryFor(like: Values, count: number): Values {
  return like instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
}
