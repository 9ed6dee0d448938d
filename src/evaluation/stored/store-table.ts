import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { MlopsError } from "../../errors.ts";
import type { RowForm, StoredRows, WritableColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { planReading, type TableReading } from "../read/plan-reading.ts";
import { refuseTable } from "../read/problems.ts";
import { type FirstLook, type ReadRequest, refuseBadRows } from "../read/read-table.ts";
import { tooManyGroups } from "../read/subgroups.ts";
import type { RowOrder } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { fullDisk, requireDisk } from "./disk-room.ts";
import { fillFiles, scoresOf } from "./fill-files.ts";
import { GroupFields, type StoredGroups } from "./group-fields.ts";

/** The table as files below the database's folder, in the order of its rows. Must be closed. */
export interface StoredTable {
  readonly form: RowForm;
  /** As they stand in the table. */
  readonly stored: StoredRows;
  /** Room for the same rows in another order. */
  readonly room: StoredRows<WritableColumn>;
  readonly range: { readonly smallest: number; readonly largest: number };
  readonly subgroups: readonly StoredGroups[];
  /** Hex; of the evaluation set and of the scores. */
  readonly labelsSha256: string;
  readonly scoresSha256: string;
  close(): Promise<void>;
}

export interface StoreRequest extends ReadRequest {
  readonly look: FirstLook;
  readonly order: RowOrder | undefined;
}

/** Rows that are read before they are written. */
const stretchRows = 2 ** 18;

/** Reads scores of two classes, labels and groups into files, and checks them as `readTable` does. */
export async function storeTable(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
): Promise<StoredTable> {
  const { columns, look, uri } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: Math.min(rows, stretchRows) });
  const groups = new GroupFields(reading, columns.subgroups);
  refuseTable(uri, reading.strange.length === 0 ? [] : reading.strange.map((one) => `${uri}: ${one}`));
  const parts = { uri, rows, reading, groups };
  refuseGroups(parts, request);
  await requireDisk(db.folder, { ...parts, bytesEach: bytesEach(reading, groups) });
  const files = await Promise.all(
    ["scores", "payloads", "sorted-scores", "sorted-payloads"].map((name) =>
      ColumnFile.make(path.join(db.folder, `${name}.column`)),
    ),
  );
  const close = async () => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    const [scores, payloads, sortedScores, sortedPayloads] = files;
    if (!scores || !payloads || !sortedScores || !sortedPayloads) throw new RangeError("no files");
    const found = await fillFiles({ db, source, request, reading, groups, to: { scores, payloads } });
    await refuseBadRows(db, source, { request, reading, rows: found.rows });
    const kept = groups.groups;
    const counts = kept.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(counts, { uri, maxGroups: request.maxGroups, isCounted: true }));
    const { payloads: packed, ...form } = groups.form(payloads);
    const range = rangeOf(reading);
    return {
      form: {
        ...{ ...form, rows, like: found.like, range: found.cells },
        ...{ lowest: range.smallest + 0, highest: range.largest + 0 },
      },
      stored: { scores, payloads: packed },
      room: { scores: sortedScores, payloads: sortedPayloads },
      range,
      subgroups: kept,
      labelsSha256: found.labelsSha256,
      scoresSha256: found.scoresSha256,
      close,
    };
  } catch (error) {
    await close();
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

/** Throws `not-evaluable` for more groups than are measured, or than fit into the bits that travel with a score. */
export function refuseGroups(
  {
    uri,
    reading,
    groups,
  }: { readonly uri: string; readonly reading: TableReading; readonly groups: { readonly bits: number } },
  { columns, maxGroups }: StoreRequest,
): void {
  const possible = columns.subgroups.map(({ name, columns: crossed }) => ({
    column: name,
    count: crossed.reduce((count, one) => count * (reading.groups.get(one)?.names.length ?? 1), 1),
  }));
  refuseTable(uri, tooManyGroups(possible, { uri, maxGroups, isCounted: false }));
  if (groups.bits <= 32) return;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri} does not fit into memory, and its subgroups take ${groups.bits} bits a row, where 32 are measured from disk.`,
    hint: "Give the job more memory, or measure some of the subgroups at a time.",
  });
}

function bytesEach(reading: TableReading, groups: GroupFields): number {
  return scoresOf(reading).BYTES_PER_ELEMENT + groups.payloadBytes;
}

function rangeOf({ score }: TableReading): StoredTable["range"] {
  return score?.sink.range ?? { smallest: 0, largest: 0 };
}
