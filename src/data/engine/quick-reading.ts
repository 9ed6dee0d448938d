import type { PlanColumn } from "../plan/column.ts";
import type { FieldForm } from "../sources/csv-form-code.ts";
import type { DuckDb } from "./duckdb.ts";
import type { EngineTable } from "./engine-table.ts";

/**
 * A cheap way to read text as its type, which is right only for texts in the one form that DuckDB itself writes; whether all of
 * them are is counted in the same scan. The strict way (column-sql.ts) decides text by text, for DuckDB's casts round 1.5 to 2
 * and take more than they should; what it gives is no plain value that extremes and rows of bits could be asked of.
 */
export interface QuickReading {
  /** DuckDB's type of the value. */
  readonly as: "BIGINT" | "DOUBLE" | "DATE" | "TIMESTAMP" | "BOOLEAN";
  value(text: string): string;
  /** True for a text that `value` reads as it stands. */
  isExact(text: string, value: string): string;
}

const lastOf = { DATE: "DATE '9999-12-31'", TIMESTAMP: "TIMESTAMP '9999-12-31 23:59:59.999999'" } as const;

const byType: Readonly<Partial<Record<PlanColumn["type"], QuickReading>>> = {
  integer: roundTrip("BIGINT"),
  date: roundTrip("DATE"),
  timestamp: roundTrip("TIMESTAMP"),
  // Here the cast is as strict as it has to be: what it reads is right.
  double: {
    as: "DOUBLE",
    value: (text) => `TRY_CAST(${text} AS DOUBLE)`,
    isExact: (_, value) => `${value} IS NOT NULL`,
  },
  boolean: {
    as: "BOOLEAN",
    value: (text) => `(${text} = 'true')`,
    isExact: (text) => `${text} = 'true' OR ${text} = 'false'`,
  },
};

function roundTrip(as: "BIGINT" | "DATE" | "TIMESTAMP"): QuickReading {
  return {
    as,
    value: (text) => `TRY_CAST(${text} AS ${as})`,
    isExact(text, value) {
      const isSame = `CAST(${value} AS VARCHAR) = ${text}`;
      // DuckDB also reads and writes infinity, years of five digits and years before Christ, which the strict way refuses.
      return as === "BIGINT" ? isSame : `${isSame} AND ${value} BETWEEN ${as} '0001-01-01' AND ${lastOf[as]}`;
    },
  };
}

/** The quick reading of a column of text; undefined where there is none, and for other columns. */
export function quickReading({ storage, storedAs, type }: PlanColumn): QuickReading | undefined {
  return storage === "text" && storedAs === "VARCHAR" ? byType[type] : undefined;
}

/** True for a text that the reading does not take as it stands. */
export function notExact(reading: QuickReading, text: string, value = reading.value(text)): string {
  return `${text} IS NOT NULL AND (${reading.isExact(text, value)}) IS NOT TRUE`;
}

/**
 * The columns as the scan has them: where every text is exact, a quick column is one of values, which a reader of Parquet could
 * have brought.
 */
export function asRead(columns: readonly PlanColumn[], quick: ReadonlySet<string>): readonly PlanColumn[] {
  return columns.map((column) => {
    const reading = quick.has(column.name) ? quickReading(column) : undefined;
    return reading === undefined ? column : { ...column, storage: "typed", storedAs: reading.as };
  });
}

const sampledRows = 2048;
const firstRows = '"first rows"';
/** See columns.ts: the time of one query grows faster than the number of its expressions. */
const columnsPerQuery = 50;

/** Forms of which DuckDB's reader of CSV takes just what the strict way takes, or throws. */
const formsOfType: Readonly<Partial<Record<PlanColumn["type"], readonly FieldForm[]>>> = {
  integer: ["integer"],
  date: ["date"],
  timestamp: ["timestamp", "date"],
  boolean: ["boolean"],
};

function hasForm({ name, type }: PlanColumn, forms: ReadonlyMap<string, FieldForm>): boolean {
  const form = forms.get(name);
  return form !== undefined && formsOfType[type]?.includes(form) === true;
}

/** Those of `columns` that may not be read as types, as their texts turned out to have another form. */
export async function brokenForms(columns: readonly string[], table: EngineTable): Promise<string[]> {
  if (columns.length === 0) return [];
  const held = await table.forms?.held();
  return table.columns
    .filter((column) => columns.includes(column.name) && column.type !== "double")
    .filter((column) => held === undefined || !hasForm(column, held))
    .map((column) => column.name);
}

export type QuickColumns = Required<Pick<EngineTable, "quick" | "typed">>;

/** The columns of a CSV that can probably be read the quick way, and which of them by the reader of the file. */
export async function quickColumns(table: EngineTable, db: DuckDb): Promise<QuickColumns> {
  const forms = table.forms?.now() ?? new Map<string, FieldForm>();
  const readable = table.forms?.readable ?? new Set<string>();
  const formed = table.columns.filter(
    (column) => quickReading(column) !== undefined && hasForm(column, forms) && readable.has(column.name),
  );
  const known = new Set(formed.map((column) => column.name));
  const sampled = await exactInFirstRows(table, known, db);
  // The reader throws for a text that is no double: there is no form to prove.
  const doubles = table.columns.filter(
    ({ name, type }) => type === "double" && sampled.has(name) && readable.has(name),
  );
  return { quick: known.union(sampled), typed: known.union(new Set(doubles.map((column) => column.name))) };
}

/** The columns whose first rows are all in the form that quick readings read, but for those that are known already. */
async function exactInFirstRows(
  table: EngineTable,
  known: ReadonlySet<string>,
  db: DuckDb,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const open = table.columns.flatMap((column) => {
    const isOpen = column.path === undefined && !known.has(column.name);
    const reading = isOpen ? quickReading(column) : undefined;
    const text = table.identifierOf(column.name);
    return reading === undefined || text === undefined ? [] : [{ name: column.name, reading, text }];
  });
  if (open.length === 0) return found;
  // Every reading of a file of thousands of columns has its price (10,000: 0.1 s), also of its first rows only.
  await db.query(
    `CREATE OR REPLACE TEMP TABLE ${firstRows} AS SELECT ${open.map(({ text }) => text).join(", ")} FROM ${table.sql} LIMIT ${sampledRows}`,
  );
  for (let start = 0; start < open.length; start += columnsPerQuery) {
    const part = open.slice(start, start + columnsPerQuery);
    const counts = part.map(
      ({ reading, text }, index) => `count_if(${notExact(reading, text)}) AS n${index}`,
    );
    const [row] = await db.query(`SELECT ${counts.join(", ")} FROM ${firstRows}`);
    for (const [index, { name }] of part.entries()) if (Number(row?.[`n${index}`]) === 0) found.add(name);
  }
  await db.query(`DROP TABLE ${firstRows}`);
  return found;
}
