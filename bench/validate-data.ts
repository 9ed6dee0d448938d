import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Changes with the generator, so that a file of an older one is not measured. */
const generation = 3;

/** Uniform in [0, 1) and a function of the row number and `salt` alone: every run makes the same values. */
export const uniform = (salt: number) => `(hash(i * 16384 + ${salt}) / 18446744073709551616.0)`;

const micros = (salt: number, days: number) =>
  `to_microseconds(CAST(floor(${uniform(salt)} * ${days * 86_400_000_000}) AS BIGINT))`;

/** The twelve columns of an order table; `i` is the row number from 0. Every rule of the bench holds on it. */
const orders = `SELECT i + 1 AS id,
  1 + CAST(floor(pow(${uniform(1)}, 2) * 2000000) AS BIGINT) AS customer_id,
  round(exp(3 + 2.2 * (${uniform(2)} + ${uniform(3)} + ${uniform(4)} - 1.5)), 2) AS amount,
  1 + CAST(floor(${uniform(5)} * 20) AS INTEGER) AS quantity,
  CASE WHEN ${uniform(6)} >= 0.03 THEN floor(${uniform(7)} * 60) / 100 END AS discount,
  ['DE','FR','US','GB','IT','ES','NL','PL','SE','AT','CH','BE'][1 + CAST(floor(pow(${uniform(8)}, 2) * 12) AS INTEGER)] AS country,
  ['new','paid','shipped','returned','cancelled'][1 + CAST(floor(${uniform(9)} * 5) AS INTEGER)] AS status,
  concat('user', CAST(floor(${uniform(10)} * 5000000) AS BIGINT), '@mail', CAST(floor(${uniform(11)} * 40) AS BIGINT), '.example') AS email,
  TIMESTAMP '2025-01-01' + ${micros(12, 365)} AS created_at,
  CASE WHEN ${uniform(13)} >= 0.1 THEN TIMESTAMP '2026-01-01' + ${micros(14, 30)} END AS updated_at,
  ${uniform(15)} AS score,
  ${uniform(16)} < 0.7 AS is_active`;

export interface Tables {
  /** Parquet, zstd, DuckDB's row groups of 122,880 rows. */
  parquet(rows: number): Promise<string>;
  /** The same rows as CSV. */
  csv(rows: number): Promise<string>;
  /** The same rows in `count` Parquet files of one table, in a folder of their own. */
  parts(rows: number, count: number): Promise<string>;
  /** The order columns and 240 of doubles named f_0 .. f_239, as a model is trained on; snappy, as pandas and DuckDB write unless told otherwise. */
  features(rows: number): Promise<string>;
  /** 10,000 columns of doubles named f_0 .. f_9999. */
  wide(rows: number, columns: number): Promise<string>;
}

/** The files of the bench, made once below `folder`. Written under another name first: an interrupted run leaves no half file. */
export function tablesIn(folder: string): Tables {
  mkdirSync(folder, { recursive: true });
  const make = (name: string, write: (target: string) => Promise<void>) => made(folder, name, write);
  const csvOptions = "(FORMAT csv, HEADER)";
  return {
    parquet: (rows) =>
      make(`orders-${rows}.parquet`, (target) => copy(`${orders} FROM range(${rows}) t(i)`, target)),
    csv: (rows) =>
      make(`orders-${rows}.csv`, (target) => copy(`${orders} FROM range(${rows}) t(i)`, target, csvOptions)),
    parts: (rows, count) =>
      make(`orders-${rows}-in-${count}`, async (target) => {
        mkdirSync(target);
        const each = Math.ceil(rows / count);
        const statements = Array.from({ length: count }, (_, part) => {
          const file = path.join(target, `part-${String(part).padStart(5, "0")}.parquet`);
          const range = `range(${part * each}, ${Math.min(rows, (part + 1) * each)})`;
          return copyStatement(`${orders} FROM ${range} t(i)`, file, parquetOptions);
        });
        await run(statements);
      }),
    features: (rows) =>
      make(`features-${rows}.parquet`, (target) =>
        copy(`${orders}, ${doubles(240)} FROM range(${rows}) t(i)`, target, "(FORMAT parquet)"),
      ),
    wide: (rows, columns) =>
      make(`wide-${rows}-${columns}.parquet`, (target) =>
        copy(`SELECT ${doubles(columns)} FROM range(${rows}) t(i)`, target),
      ),
  };
}

function doubles(count: number): string {
  return Array.from({ length: count }, (_, index) => `${uniform(index)} AS f_${index}`).join(", ");
}

const parquetOptions = "(FORMAT parquet, COMPRESSION zstd)";

/** A file or folder below `folder`, written only where it is not there. */
export async function made(
  folder: string,
  name: string,
  write: (target: string) => Promise<void>,
): Promise<string> {
  const place = path.join(folder, `v${generation}-${name}`);
  if (existsSync(place)) return place;
  process.stdout.write(`making ${place} …\n`);
  const unfinished = path.join(folder, `unfinished-${process.pid}-${name}`);
  rmSync(unfinished, { recursive: true, force: true });
  await write(unfinished);
  renameSync(unfinished, place);
  return place;
}

function copyStatement(select: string, target: string, options: string): string {
  return `COPY (${select}) TO '${target.replaceAll("'", "''")}' ${options}`;
}

/** Writes the rows of a query; Parquet unless `options` say otherwise. */
export async function copy(select: string, target: string, options = parquetOptions): Promise<void> {
  await run([copyStatement(select, target, options)]);
}

async function run(statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}
