import type { PlanColumn } from "../plan/column.ts";
import type { TableSource } from "../sources/table-source.ts";
import { decimalPattern, mostDigits } from "./column-sql.ts";
import type { DuckDb } from "./duckdb.ts";

/**
 * The columns with, for text that is to be read as decimals, the digits behind the point that hold every value exactly. One more
 * look at the file, only where a contract speaks of decimals: a double would take two of them for one. Where values have
 * more digits than a decimal can hold the column stays one of doubles.
 */
export async function withDecimalDigits(
  columns: readonly PlanColumn[],
  source: TableSource,
  db: DuckDb,
): Promise<PlanColumn[]> {
  const open = columns.filter(
    (column) => column.storage === "text" && column.type === "decimal" && column.path === undefined,
  );
  if (open.length === 0) return [...columns];
  const texts = open.map((column) => source.columns.find((one) => one.name === column.name)?.sql ?? "NULL");
  const lengths = texts.flatMap((sql, index) => {
    const text = `CASE WHEN regexp_full_match(trim(CAST(${sql} AS VARCHAR)), '${decimalPattern}') THEN ltrim(trim(CAST(${sql} AS VARCHAR)), '+-') END`;
    return [
      `max(length(split_part(${text}, '.', 1))) AS whole${index}`,
      `max(length(split_part(${text}, '.', 2))) AS fraction${index}`,
    ];
  });
  const [row] = await db.query(`SELECT ${lengths.join(", ")} FROM ${source.sql}`);
  const digits = new Map(
    open.flatMap((column, index) => {
      const [whole, fraction] = [Number(row?.[`whole${index}`] ?? 0), Number(row?.[`fraction${index}`] ?? 0)];
      return whole + fraction <= mostDigits ? [[column.name, fraction] as const] : [];
    }),
  );
  return columns.map((column) => {
    const fractionDigits = digits.get(column.name);
    return fractionDigits === undefined ? column : { ...column, fractionDigits };
  });
}
