import path from "node:path";
import { z } from "zod";
import { type DuckDb, openDuckDb } from "../../src/data/engine/duckdb.ts";
import { quoteIdentifier, quoteText } from "../../src/data/engine/sql.ts";
import type { CaseColumns, GxDataset, GxEngine } from "./gx-cases.ts";

/** DuckDB's types for those of the two engines' schemas. */
const types: Readonly<Record<string, string>> = {
  int: "BIGINT",
  int64: "BIGINT",
  Int64Dtype: "BIGINT",
  float: "DOUBLE",
  float64: "DOUBLE",
  str: "VARCHAR",
  bool: "BOOLEAN",
  datetime: "TIMESTAMP",
  datetime64: "TIMESTAMP",
  "datetime64[ns]": "TIMESTAMP",
  timestamp: "TIMESTAMPTZ",
  TimestampType: "TIMESTAMP",
  INTEGER: "INTEGER",
  SMALLINT: "SMALLINT",
  BIGINT: "BIGINT",
  NUMERIC: "DOUBLE",
  DOUBLE_PRECISION: "DOUBLE",
  FLOAT: "DOUBLE",
  TEXT: "VARCHAR",
  VARCHAR: "VARCHAR",
  BOOLEAN: "BOOLEAN",
  DATE: "DATE",
  TIMESTAMP: "TIMESTAMP",
};

const schema = z.record(z.string(), z.string()).catch({});

/** Writes the columns of a data set as a Parquet file, typed as the engine would have them. Returns its path. */
export async function writeCaseTable(
  dataset: GxDataset,
  engine: GxEngine,
  directory: string,
): Promise<string> {
  const data = columnsOf(dataset, engine);
  const written = schemaFor(engine, dataset);
  return await writeParquet(data, { written, file: path.join(directory, "data.parquet") });
}

/** Writes one of several tables, untyped. Returns its path. */
export async function writeOtherTable(data: CaseColumns, name: string, directory: string): Promise<string> {
  return await writeParquet(data, { written: {}, file: path.join(directory, `${name}.parquet`) });
}

/** Where PostgreSQL's schema is missing, Spark's tells what the text of a time stands for. */
function schemaFor(engine: GxEngine, { schemas }: GxDataset): Readonly<Record<string, string>> {
  const own = schema.parse(schemas[engine]);
  if (engine === "pandas" || Object.keys(own).length > 0) return own;
  const spark = Object.entries(schema.parse(schemas["spark"]));
  return Object.fromEntries(spark.filter(([, type]) => type === "TimestampType"));
}

function columnsOf({ data, data_alt: alternative }: GxDataset, engine: GxEngine): CaseColumns {
  const columns = Array.isArray(data) ? (data[0]?.data ?? {}) : data;
  if (alternative === undefined) return columns;
  if (engine === "postgresql") return alternative;
  // A Parquet file has no column of numbers and text: where there is another form of it, that is taken.
  return Object.values(columns).some(isMixed) ? alternative : columns;
}

function isMixed(values: readonly unknown[]): boolean {
  return new Set(values.filter((value) => value !== null).map((value) => typeof value)).size > 1;
}

async function writeParquet(
  data: CaseColumns,
  { written, file }: { readonly written: Readonly<Record<string, string>>; readonly file: string },
): Promise<string> {
  const db = await openDuckDb();
  try {
    const names = Object.keys(data);
    const rows = Math.max(0, ...Object.values(data).map((values) => values.length));
    const typed = names.map((name) => {
      const known = types[written[name] ?? ""];
      const values = data[name] ?? [];
      return { name, values, type: known !== undefined && fits(values, known) ? known : typeOf(values) };
    });
    const list = typed.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
    await db.query(`CREATE TABLE written (${list.join(", ")})`);
    await insertRows(db, typed, rows);
    await db.query(`COPY written TO ${quoteText(file)} (FORMAT parquet)`);
  } finally {
    await db.close();
  }
  return file;
}

async function insertRows(
  db: DuckDb,
  columns: readonly { readonly values: readonly unknown[]; readonly type: string }[],
  rows: number,
): Promise<void> {
  for (let row = 0; row < rows; row += 1) {
    const cells = columns.map(({ values, type }) => cellSql(values[row], type));
    await db.query(`INSERT INTO written VALUES (${cells.join(", ")})`);
  }
}

function fits(values: readonly unknown[], type: string): boolean {
  const given = values.filter((value) => value !== null);
  if (["BIGINT", "INTEGER", "SMALLINT"].includes(type))
    return given.every((value) => Number.isInteger(Number(value)));
  if (type === "DOUBLE") return given.every((value) => !Number.isNaN(Number(value)));
  return true;
}

function typeOf(values: readonly unknown[]): string {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return "INTEGER";
  if (given.every((value) => typeof value === "boolean")) return "BOOLEAN";
  if (!given.every((value) => typeof value === "number")) return "VARCHAR";
  return given.every(Number.isInteger) ? "BIGINT" : "DOUBLE";
}

function cellSql(value: unknown, type: string): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "object") return quoteText(JSON.stringify(value));
  const text = String(value);
  if (type.startsWith("TIMESTAMP") || type === "DATE") return `CAST(${quoteText(isoTime(text))} AS ${type})`;
  return `CAST(${quoteText(text)} AS ${type})`;
}

/** The files hold `1/31/2016`, `Jan 31 2016 12:00:01` and ISO text. */
function isoTime(text: string): string {
  if (/^\d{4}-/.test(text)) return text;
  const instant = Date.parse(`${text} UTC`);
  if (Number.isNaN(instant)) throw new Error(`${text} is no date that the cases are known to hold`);
  return new Date(instant).toISOString().replace("T", " ").replace("Z", "");
}
