import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { NaiveScale } from "../../../metrics/forecasting/naive-scales.ts";
import { absentSeries, shortSeries } from "../../open-history.ts";
import { textSql } from "../../read/expressions.ts";
import { keyColumns, keySql, type NameColumn, type NameKey } from "../name-order.ts";
import type { ScaleFile } from "./scale-file.ts";

/** One more than are shown, so that it is seen that there are more. */
const mostKept = 6;

/** Throws `not-evaluable` where series of the forecasts have no scale, with the first of their names, as for a table in memory. */
export async function refuseUnscaled(
  db: DuckDb,
  source: TableSource,
  of: {
    readonly absent: number;
    readonly short: number;
    readonly name: NameColumn;
    readonly file: ScaleFile;
    readonly season: number;
  },
): Promise<void> {
  const { absent, short, name, file, season } = of;
  const scaleOf = file.finder();
  if (absent > 0) {
    const isAbsent = (scale: NaiveScale | undefined) => scale === undefined;
    throw absentSeries(absent, await firstNames(db, source, { name, scaleOf, isWanted: isAbsent }));
  }
  if (short === 0) return;
  const isShort = (scale: NaiveScale | undefined) => Number.isNaN(scale?.mae);
  throw shortSeries(short, season, await firstNames(db, source, { name, scaleOf, isWanted: isShort }));
}

/** By their UTF-8. */
async function firstNames(
  db: DuckDb,
  source: TableSource,
  of: {
    readonly name: NameColumn;
    readonly scaleOf: (key: NameKey) => Promise<NaiveScale | undefined>;
    readonly isWanted: (scale: NaiveScale | undefined) => boolean;
  },
): Promise<string[]> {
  const { name, scaleOf, isWanted } = of;
  const inner = `SELECT DISTINCT ${keySql(name)} AS key, ${textSql(name.column)} AS name FROM ${source.sql}`;
  const shown = [...keyColumns(name, "key"), "name"].join(", ");
  let found: Buffer[] = [];
  for await (const { rows, columns } of db.streamVectors(`SELECT ${shown} FROM (${inner}) ORDER BY key`)) {
    const keys = columns.slice(0, -1).map(({ numbers }) => {
      if (!(numbers instanceof BigInt64Array)) throw new RangeError("keys of names are no 64-bit integers");
      return numbers;
    });
    const names = columns.at(-1);
    for (let row = 0; row < rows; row += 1) {
      if (!isWanted(await scaleOf(keys.map((key) => key[row] ?? 0n)))) continue;
      found.push(Buffer.from(String(names?.cell(row))));
      found = found.sort(Buffer.compare).slice(0, mostKept);
    }
  }
  return found.map(String);
}
