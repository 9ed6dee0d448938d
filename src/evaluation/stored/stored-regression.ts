import { emptyPayloads } from "../../metrics/binary/columns.ts";
import type { StoredTable } from "../../metrics/regression/stored/stored-regression.ts";
import type { ColumnFile } from "./column-file.ts";
import type { GroupFields, StoredGroups } from "./group-fields.ts";

/** One a column. */
export interface RegressionFiles {
  readonly truths: ColumnFile;
  readonly predictions: ColumnFile;
  readonly weights: ColumnFile | undefined;
  /** Codes of groups as bits; undefined without subgroups. */
  readonly codes: ColumnFile | undefined;
}

/** The table in files, in the order of its rows. */
export interface StoredRegression {
  readonly rows: number;
  readonly table: StoredTable;
  readonly files: RegressionFiles;
  readonly subgroups: readonly StoredGroups[];
  /** Rows of weight 0. */
  readonly zeroWeights: number;
  /** Hex; of the evaluation set and of the scores. */
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

const blockRows = 2 ** 16;

/** When all rows were written. */
export function storedRegression(
  known: Omit<StoredRegression, "table" | "subgroups"> & { readonly groups: GroupFields },
): StoredRegression {
  const { groups, ...found } = known;
  const { rows, files } = found;
  const form = files.codes === undefined ? undefined : groups.form(files.codes);
  const codesOf = async (start: number, length: number): Promise<Uint32Array[]> => {
    if (form === undefined) return [];
    const packed = emptyPayloads(form.payloadBytes, length, false);
    await form.payloads.read(start, packed);
    return form.fields.map(({ shift, mask }) =>
      Uint32Array.from(packed, (value) => (value >>> shift) & mask),
    );
  };
  async function* blocks(): ReturnType<StoredTable["blocks"]> {
    for await (const block of columnBlocks(found))
      yield { ...block.columns, codes: await codesOf(block.start, block.columns.truths.length) };
  }
  return {
    ...found,
    subgroups: groups.groups,
    table: { rows, isWeighted: files.weights !== undefined, groups: form?.groups ?? [], blocks },
  };
}

interface ColumnBlock {
  readonly start: number;
  readonly columns: {
    readonly truths: Float64Array;
    readonly predictions: Float64Array;
    readonly weights: Float64Array | undefined;
  };
}

/** The columns of numbers, in memory that the next block uses again. */
export async function* columnBlocks({
  rows,
  files,
}: Pick<StoredRegression, "rows" | "files">): AsyncIterable<ColumnBlock> {
  const memory = Array.from({ length: 3 }, () => new Float64Array(Math.min(blockRows, rows)));
  for (let start = 0; start < rows; start += blockRows) {
    const length = Math.min(blockRows, rows - start);
    const [truths = new Float64Array(), predictions = truths, weights = truths] = memory.map((one) =>
      one.subarray(0, length),
    );
    await files.truths.read(start, truths);
    await files.predictions.read(start, predictions);
    await files.weights?.read(start, weights);
    yield { start, columns: { truths, predictions, weights: files.weights && weights } };
  }
}
