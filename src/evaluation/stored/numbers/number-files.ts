import path from "node:path";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import { ColumnFile } from "../column-file.ts";
import type { GroupFields } from "../group-fields.ts";
import type { Block } from "../read-blocks.ts";
import type { NumberColumns } from "./number-rows.ts";

/** One a column. */
export interface NumberFiles extends NumberColumns<ColumnFile> {
  /** Codes of groups as bits; undefined without subgroups. */
  readonly codes: ColumnFile | undefined;
}

/** Makes files for such columns in a folder that has none of that prefix. */
export async function makeFiles(
  folder: string,
  { said, more, weights }: NumberColumns<unknown>,
  how: { readonly prefix: string; readonly hasGroups: boolean },
): Promise<NumberFiles> {
  const make = (name: string) => ColumnFile.make(path.join(folder, `${how.prefix}${name}.column`));
  return {
    truths: await make("truths"),
    said: await Promise.all(said.map((_, index) => make(`said-${index}`))),
    more: await Promise.all(more.map((_, index) => make(`more-${index}`))),
    weights: weights === undefined ? undefined : await make("weights"),
    codes: how.hasGroups ? await make("codes") : undefined,
  };
}

export async function closeFiles({ truths, said, more, weights, codes }: NumberFiles): Promise<void> {
  await Promise.all([truths, ...said, ...more, weights, codes].map((file) => file?.close()));
}

/** Writes rows that were just read. */
export async function writeRows(
  files: NumberFiles,
  columns: NumberColumns<Float64Array>,
  { start, rows, groups }: Block & { readonly groups: GroupFields },
): Promise<void> {
  await files.truths.write(start, columns.truths);
  for (const [index, values] of columns.said.entries()) await files.said[index]?.write(start, values);
  for (const [index, values] of columns.more.entries()) await files.more[index]?.write(start, values);
  if (columns.weights !== undefined) await files.weights?.write(start, columns.weights);
  if (files.codes === undefined) return;
  const packed = emptyPayloads(groups.payloadBytes, rows, false);
  groups.pack(new Uint8Array(rows), packed);
  await files.codes.write(start, packed);
}
