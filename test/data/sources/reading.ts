import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { type DuckDb, openDuckDb, type Row } from "../../../src/data/engine/duckdb.ts";
import { confirmRead, openTable } from "../../../src/data/sources/source.ts";
import { MlopsError } from "../../../src/errors.ts";
import { temporaryFolder } from "../../support/folder.ts";

interface Reader {
  readonly db: DuckDb;
  /** Every row of the files read as one table, its columns called 0, 1, …. */
  readonly rowsOf: (cwd: string, ...names: string[]) => Promise<Row[]>;
  /** The error that reading the files ends in; throws where they are read. */
  readonly refusalOf: (cwd: string, ...names: string[]) => Promise<MlopsError>;
}

/** One database for all tests of a file, closed after the last of them; to be called outside of any test. */
export async function openReader(): Promise<Reader> {
  const db = await openDuckDb();
  afterAll(async () => {
    await db.close();
  });
  return {
    db,
    rowsOf: (cwd, ...names) => rowsOf(db, cwd, names),
    refusalOf: (cwd, ...names) => refusalOf(db, cwd, names),
  };
}

/** A folder for all tests of a file, removed after the last of them; to be called outside of any test. */
export function folderForAll(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A fresh folder with one file in it. */
export function written(
  name: string,
  content: string | Uint8Array,
): { readonly cwd: string; readonly name: string } {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, name), content);
  return { cwd, name };
}

async function rowsOf(db: DuckDb, cwd: string, names: readonly string[]): Promise<Row[]> {
  const source = await openTable(names, db, { cwd });
  const list = source.columns.map((column, index) => `${column.sql} AS "${index}"`).join(", ");
  try {
    const rows = await db.query(`SELECT ${list} FROM ${source.sql}`);
    await confirmRead(source, rows.length);
    return rows;
  } catch (error) {
    throw source.explain(error);
  }
}

async function refusalOf(db: DuckDb, cwd: string, names: readonly string[]): Promise<MlopsError> {
  try {
    await rowsOf(db, cwd, names);
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
  throw new Error(`${names.join(", ")} was read without an error`);
}
