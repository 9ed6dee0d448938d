import type { RowsMeasure } from "../plan/measure.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { rowsOf } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import { TableScope } from "./table-scope.ts";

type Duplicates = RowsMeasure & { readonly kind: "duplicates" };

/** About 40 MB. */
const defaultKeysPerPart = 1_250_000;
// With a space: no table of a contract can be called so.
const hashes = '"key hashes"';
const candidates = '"key candidates"';

interface DuplicatesParts {
  readonly db: DuckDb;
  readonly table: EngineTable;
  /** Keys that one group-by holds at a time. */
  readonly keysPerPart?: number;
}

/**
 * How many rows share their key with another row. Rows with equal keys have equal hashes, so keys are first looked at as 64-bit
 * hashes, part by part: memory stays flat however long the keys are and however many. Only where a hash comes twice are the
 * keys themselves compared, so the figure is exact.
 */
export async function countDuplicates(measure: Duplicates, parts: DuplicatesParts): Promise<number> {
  const { db, table, keysPerPart = defaultKeysPerPart } = parts;
  const { sql, hash } = keyedRows(measure, table);
  try {
    await db.query(`CREATE OR REPLACE TEMP TABLE ${hashes} AS SELECT ${hash} AS h FROM ${sql}`);
    const [total] = await db.query(`SELECT count(*) AS n FROM ${hashes}`);
    const partCount = Math.max(1, Math.ceil(Number(total?.["n"] ?? 0) / keysPerPart));
    await db.query(`CREATE OR REPLACE TEMP TABLE ${candidates} (h UBIGINT)`);
    for (let part = 0; part < partCount; part += 1) {
      const rows = partCount === 1 ? hashes : `(SELECT h FROM ${hashes} WHERE h % ${partCount} = ${part})`;
      await db.query(`INSERT INTO ${candidates} SELECT h FROM ${rows} GROUP BY h HAVING count(*) > 1`);
    }
    return await countAmongCandidates(measure, db, table);
  } finally {
    await db.query(`DROP TABLE IF EXISTS ${hashes}`);
    await db.query(`DROP TABLE IF EXISTS ${candidates}`);
  }
}

async function countAmongCandidates(measure: Duplicates, db: DuckDb, table: EngineTable): Promise<number> {
  const [found] = await db.query(`SELECT count(*) AS n FROM ${candidates}`);
  if (Number(found?.["n"] ?? 0) === 0) return 0;
  const { sql, hash, names } = keyedRows(measure, table);
  const groups = `SELECT count(*) AS n FROM ${sql} WHERE ${hash} IN (SELECT h FROM ${candidates}) GROUP BY ${names} HAVING count(*) > 1`;
  const [row] = await db.query(`SELECT coalesce(sum(n), 0) AS n FROM (${groups})`);
  return Number(row?.["n"] ?? 0);
}

/** The rows that the measure is about, as their keys k0, k1, …, and the hash of those. */
function keyedRows(measure: Duplicates, table: EngineTable) {
  const scope = new TableScope(rowsOf(measure, table));
  const keys = measure.keys.map((key, index) => `${compileExpression(key, scope)} AS k${index}`);
  const where = measure.where === undefined ? "" : ` WHERE ${compileExpression(measure.where, scope)}`;
  const names = measure.keys.map((_, index) => `k${index}`).join(", ");
  return { sql: `(SELECT ${keys.join(", ")} FROM ${scope.from()}${where})`, hash: `hash(${names})`, names };
}

/** For people. */
export function explainDuplicates(measure: Duplicates, table: EngineTable): readonly string[] {
  const { sql, hash } = keyedRows(measure, table);
  return [`SELECT count(*) FROM (SELECT ${hash} AS h FROM ${sql}) GROUP BY h HAVING count(*) > 1`];
}
