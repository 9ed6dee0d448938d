import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type {
  RowForm,
  StoredColumn,
  StoredRows,
  WritableColumn,
} from "../../../metrics/binary/stored/stored-rows.ts";
import { arePooled } from "../../../metrics/multilabel/pooled-ranking.ts";
import { emptyPayloads } from "../../../metrics/score-columns.ts";
import { doublesOf } from "../../read/float-readings.ts";
import { planReading, sinksOf, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { refuseBadRows } from "../../read/read-table.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields, type StoredGroups } from "../group-fields.ts";
import { readTableBlocks } from "../read-blocks.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { ScoreSpan } from "../score-spans.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { WeightRows } from "../weight-rows.ts";
import { ColumnStore } from "./column-store.ts";
import { storeFilling } from "./fill-store.ts";
import { bytesOf, type SeveralColumns, severalColumns } from "./several-columns.ts";

/** The columns of a table of classes or labels, in files below the database's folder, in the order of its rows. Must be closed. */
export interface StoredSeveral {
  readonly rows: number;
  readonly columns: SeveralColumns;
  /** Truths, predictions, scores. */
  readonly stored: readonly StoredColumn[];
  /** Of each column of scores. */
  readonly spans: readonly ScoreSpan[];
  /** Undefined: every row counts once. */
  readonly weights: StoredColumn | undefined;
  /** Rows of weight 0. */
  readonly zeroWeights: number;
  /** The groups of each row as bits from bit 1 on. */
  readonly groups: Pick<RowForm, "fields" | "groups" | "payloadBytes"> & { readonly payloads: StoredColumn };
  readonly subgroups: readonly StoredGroups[];
  /** Room for the rows of one class or label; or for those of all labels. */
  readonly room: StoredRows<WritableColumn>;
  /** Rows that may be read at once. */
  readonly stretchRows: number;
  close(): Promise<void>;
}

export interface StoreSeveralRequest extends StoreRequest {
  /** Bytes of rows that may be in memory at once. */
  readonly rowBytes: number;
  /** Whether all is written once more in the order of the row ids. */
  readonly isSorted: boolean;
}

/** Reads the columns of a table of classes or labels into files, and checks them as `readTable` does. */
export async function storeSeveral(
  db: DuckDb,
  source: TableSource,
  request: StoreSeveralRequest,
): Promise<StoredSeveral> {
  const { columns: asked, look, uri } = request;
  const { rows } = look.facts;
  const names = asked.labels.map((one) => one.class);
  const stretchRows = stretchOf(rows, request.rowBytes, rowWidth(planOf(source, request, 0), names));
  const reading = planOf(source, request, stretchRows);
  const columns = severalColumns(reading, names);
  const groups = new GroupFields(reading, asked.subgroups);
  refuseTable(uri, reading.strange.length === 0 ? [] : reading.strange.map((one) => `${uri}: ${one}`));
  const classBits = columns.isMultilabel ? 1 : 32 - Math.clz32(Math.max(0, columns.names.length - 1));
  refuseGroups({ uri, reading, groups: { bits: groups.bits - 1 + classBits } }, request);
  const bytes = bytesOf(columns);
  const weightBytes = reading.weight === undefined ? [] : [8];
  // All scores of several labels are put in one order too.
  const isPooled = columns.isMultilabel && arePooled(rows, columns.scores.length);
  const roomRows = rows * (isPooled ? Math.max(1, columns.scores.length) : 1);
  const widths = [...bytes, groups.payloadBytes, ...weightBytes];
  await requireDisk(db.folder, { uri, rows, bytesEach: diskBytes({ columns, widths, roomRows }, request) });
  const opened: ColumnStore[] = [];
  const close = async () => {
    await Promise.all(opened.map((one) => one.close()));
  };
  const open = async (name: string, widths: readonly number[], count = rows) => {
    const made = await ColumnStore.make(path.join(db.folder, name), count, widths);
    opened.push(made);
    return made.columns;
  };
  try {
    const table = await open("table.columns", widths);
    const [scores, payloads, roomWeights] = await open("room.columns", [8, 4, ...weightBytes], roomRows);
    const [packed, weights] = table.slice(bytes.length);
    const filled = await fill(db, source, { request, reading, columns, groups, table, stretchRows });
    if (scores === undefined || payloads === undefined || packed === undefined)
      throw new RangeError("no files");
    const kept = groups.groups;
    const counts = kept.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(counts, { uri, maxGroups: request.maxGroups, isCounted: true }));
    return {
      ...{ ...filled, columns, stored: table.slice(0, bytes.length), weights, stretchRows, close },
      ...{ groups: groups.form(packed), subgroups: kept, room: { scores, payloads, weights: roomWeights } },
    };
  } catch (error) {
    await close();
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

function planOf(source: TableSource, request: StoreSeveralRequest, rows: number): TableReading {
  const { look } = request;
  return planReading(source, { ...request, task: look.task }, { ...look.facts, rows });
}

/** Half of the bytes of a row in the files. */
function diskBytes(
  of: { readonly columns: SeveralColumns; readonly widths: readonly number[]; readonly roomRows: number },
  { isSorted, look }: StoreSeveralRequest,
): number {
  const { columns, widths, roomRows } = of;
  const measured = bytesOf(columns);
  const sum = (bytes: readonly number[]) => bytes.reduce((all, one) => all + one, 0);
  const weightBytes = widths[measured.length + 1] ?? 0;
  const ofRoom = Math.max(0, ...measured.slice(-columns.scores.length)) + 4 + weightBytes;
  const share = roomRows / Math.max(1, look.facts.rows);
  return (sum(widths) + (isSorted ? sum(measured) : 0) + ofRoom * share) / 2;
}

/** Bytes of a row in memory while it is read. */
function rowWidth(reading: TableReading, names: readonly string[]): number {
  const { truths, predictions, scores } = severalColumns(reading, names);
  const codes = [...truths, ...predictions].reduce((sum, one) => sum + one.codes().BYTES_PER_ELEMENT, 0);
  return (
    codes +
    scores.reduce((sum, one) => sum + one.sink.values.BYTES_PER_ELEMENT, 4 * reading.groups.size) +
    (reading.weight === undefined ? 0 : 8)
  );
}

/** More rows than any chunk of the engine has. */
const fewestRows = 2 ** 13;
const mostRows = 2 ** 18;

function stretchOf(rows: number, rowBytes: number, width: number): number {
  const fitting = Math.floor(rowBytes / 2 / width);
  return Math.min(rows, Math.max(fewestRows, Math.min(mostRows, fitting)));
}

async function fill(
  db: DuckDb,
  source: TableSource,
  parts: {
    readonly request: StoreSeveralRequest;
    readonly reading: TableReading;
    readonly columns: SeveralColumns;
    readonly groups: GroupFields;
    readonly table: readonly WritableColumn[];
    readonly stretchRows: number;
  },
): Promise<Pick<StoredSeveral, "rows" | "spans" | "zeroWeights">> {
  const { request, reading, columns, groups, table, stretchRows } = parts;
  const none = new Uint8Array(stretchRows);
  const packed = emptyPayloads(groups.payloadBytes, stretchRows, false);
  const filling = storeFilling(columns, table);
  const [ofGroups, ofWeights] = table.slice(bytesOf(columns).length);
  const weights = new WeightRows();
  const rows = await readTableBlocks(db, source, {
    ...{ sinks: sinksOf(reading), blockRows: stretchRows, rows: request.look.facts.rows },
    async write(block) {
      groups.pack(none.subarray(0, block.rows), packed.subarray(0, block.rows));
      await ofGroups?.write(block.start, packed.subarray(0, block.rows));
      const own = reading.weight && doublesOf(reading.weight).subarray(0, block.rows);
      if (own !== undefined) {
        weights.take(own, block.start);
        await ofWeights?.write(block.start, own);
      }
      await filling.write(block, own);
    },
    onRows: request.onRows,
  });
  await refuseBadRows(db, source, { request, reading, rows, weights });
  return { rows, spans: filling.spans(), zeroWeights: weights.zero.count };
}
