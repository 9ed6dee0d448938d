import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { doublesOf } from "../../read/float-readings.ts";
import type { Labels } from "../../read/labels.ts";
import { planReading, sinksOf, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { type LookedAt, refuseBadRows } from "../../read/read-table.ts";
import { truthsOf } from "../../read/task-readings.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import { GroupFields } from "../group-fields.ts";
import { rankingColumns } from "../ranking/ranking-columns.ts";
import { blockRows as rankingBlockRows } from "../ranking/ranking-files.ts";
import { readRankingRows } from "../ranking/read-rows.ts";
import { readTableBlocks } from "../read-blocks.ts";
import { refuseGroups } from "../refuse-groups.ts";
import { WeightRows } from "../weight-rows.ts";

/** Rows that are looked at together. */
const blockRows = 2 ** 16;

/**
 * Reads all rows that a model is to score once and keeps none: what cannot be measured is refused before the model works for hours.
 * Answers the labels of the last rows, of which kind and classes are those of all. Throws as `readTable`.
 */
export async function checkRows(db: DuckDb, source: TableSource, request: LookedAt): Promise<Labels> {
  const { uri, columns, look } = request;
  const { rows } = look.facts;
  if (columns.rowId !== undefined) await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  return look.task === "ranking"
    ? await checkRanking(db, source, request)
    : await checkTable(db, source, request);
}

async function checkRanking(db: DuckDb, source: TableSource, request: LookedAt): Promise<Labels> {
  const read = rankingColumns(source, request, rankingBlockRows);
  refuseStrange(request.uri, read.reading);
  await readRankingRows({ db, source, request, read, keep: () => Promise.resolve() });
  return read.reading.label.labels();
}

async function checkTable(db: DuckDb, source: TableSource, request: LookedAt): Promise<Labels> {
  const { uri, columns, look } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: Math.min(rows, blockRows) });
  refuseStrange(uri, reading);
  refuseGroups({ uri, reading, groups: new GroupFields(reading, columns.subgroups) }, request);
  const weights = new WeightRows();
  const found = await readTableBlocks(db, source, {
    ...{ sinks: sinksOf(reading), blockRows, rows, onRows: request.onRows },
    write({ start, rows: count }) {
      if (reading.weight !== undefined) weights.take(doublesOf(reading.weight).subarray(0, count), start);
      return Promise.resolve();
    },
  });
  await refuseBadRows(db, source, { request, reading, rows: found, weights });
  return truthsOf(columns, reading.label, reading.more);
}

function refuseStrange(uri: string, { strange }: TableReading): void {
  refuseTable(
    uri,
    strange.map((one) => `${uri}: ${one}`),
  );
}
