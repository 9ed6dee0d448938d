import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import { sinksOf, type TableReading } from "../../read/plan-reading.ts";
import type { ColumnProblem } from "../../read/problems.ts";
import { type LookedAt, refuseBadRows } from "../../read/read-table.ts";
import { missingNameProblem, seriesName } from "../../read/task-readings.ts";
import { missingNames } from "../name-order.ts";
import { type Block, readTableBlocks } from "../read-blocks.ts";
import { columnsOf, type NumberColumns, RowCheck } from "./number-rows.ts";

/** Rows that are read before they are kept. */
export const blockRows = 2 ** 16;

interface ReadParts {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: LookedAt;
  /** Of `blockRows` rows, or of all. */
  readonly reading: TableReading;
  /** Of a forecast. */
  readonly series: SourceColumn | undefined;
  /** Keeps what was read. */
  readonly keep: (columns: NumberColumns<Float64Array>, block: Block) => Promise<void>;
}

/** Reads the rows block by block. Throws for rows that cannot be measured, and as `confirmRead` does. */
export async function readNumberRows(parts: ReadParts): Promise<RowCheck> {
  const { db, source, request, reading, series, keep } = parts;
  const check = new RowCheck(reading);
  const missing = series && missingNames(series);
  const sinks = [...sinksOf(reading), ...(missing === undefined ? [] : [missing])];
  const write = async (block: Block) => {
    const columns = columnsOf(reading, block.rows);
    check.take(columns, block.start);
    await keep(columns, block);
  };
  const rows = await readTableBlocks(db, source, {
    ...{ sinks, blockRows, write, onRows: request.onRows },
    rows: request.look.facts.rows,
  });
  const more: ColumnProblem[] = [
    ...(series === undefined || missing === undefined
      ? []
      : [missingNameProblem(source, seriesName(series.name), missing.bad)]),
    ...check.problems(source),
  ];
  await refuseBadRows(db, source, { request, reading, rows, weights: check.weights, more });
  return check;
}
