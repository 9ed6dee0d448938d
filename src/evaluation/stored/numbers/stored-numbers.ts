import { emptyPayloads } from "../../../metrics/score-columns.ts";
import type { StoredTable } from "../../../metrics/stored/stored-table.ts";
import type { ColumnFile } from "../column-file.ts";
import type { GroupFields, StoredGroups } from "../group-fields.ts";
import type { NumberFiles } from "./number-files.ts";
import type { RowCheck } from "./number-rows.ts";

/** The table in files, in the order of its rows. */
export interface StoredNumbers {
  readonly rows: number;
  /** Truths, what the model said, what is measured beside it, weights. */
  readonly table: StoredTable;
  readonly files: NumberFiles;
  readonly subgroups: readonly StoredGroups[];
  readonly check: RowCheck;
}

const blockRows = 2 ** 16;

/** When all rows were written. */
export function storedNumbers(
  known: Omit<StoredNumbers, "table" | "subgroups"> & { readonly groups: GroupFields },
): StoredNumbers {
  const { groups, ...found } = known;
  const { rows, files } = found;
  const { truths, said, more, weights } = files;
  const own = [truths, ...said, ...more, ...(weights === undefined ? [] : [weights])];
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
    for await (const { start, columns } of columnBlocks(own, rows))
      yield { columns, codes: await codesOf(start, columns[0]?.length ?? 0) };
  }
  return {
    ...found,
    subgroups: groups.groups,
    table: {
      rows,
      columns: own.length,
      isWeighted: weights !== undefined,
      groups: form?.groups ?? [],
      blocks,
    },
  };
}

interface ColumnBlock {
  readonly start: number;
  readonly columns: readonly Float64Array[];
}

/** Columns of doubles, in memory that the next block uses again. */
export async function* columnBlocks(files: readonly ColumnFile[], rows: number): AsyncIterable<ColumnBlock> {
  const memory = files.map(() => new Float64Array(Math.min(blockRows, rows)));
  for (let start = 0; start < rows; start += blockRows) {
    const columns = memory.map((one) => one.subarray(0, Math.min(blockRows, rows - start)));
    for (const [index, file] of files.entries()) {
      const column = columns[index];
      if (column !== undefined) await file.read(start, column);
    }
    yield { start, columns };
  }
}
