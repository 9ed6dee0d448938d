import type { DuckDb } from "../engine/duckdb.ts";
import { quotePath } from "../engine/sql.ts";
import { mapBounded } from "./bounded.ts";
import type { Located } from "./located.ts";
import { type FileSchema, mergeSchemas } from "./merge-schemas.ts";
import { parquetColumns, refuseBadMagic } from "./parquet-file.ts";
import { readError } from "./read-error.ts";
import { refuseEach } from "./refusals.ts";

/** What the footers of all files say, before any row was read. */
export interface ParquetTable {
  readonly columns: readonly { readonly name: string; readonly engineType: string }[];
  /** Of each file. */
  readonly rows: readonly number[];
  /** Rows of a row group, on average. */
  readonly groupRows: number;
  /** Every file has the same columns in the same order. */
  readonly isUniform: boolean;
  readonly notes: readonly string[];
  /** A reader of all files as one table, its columns in the order of `columns`, under the names that DuckDB gives them. */
  readonly reader: string;
}

const opensAtOnce = 32;

/**
 * Reads the footers of `files`, which may be thousands, and makes one schema of theirs. Throws `not-evaluable` for all files that are
 * cut off, encrypted or no Parquet, and for schemas that do not fit together.
 */
export async function openParquet(files: readonly Located[], db: DuckDb): Promise<ParquetTable> {
  const refused = await mapBounded(files, opensAtOnce, (file) => refuseBadMagic(file).catch(keepRefusal));
  refuseEach(refused.filter((one) => one !== undefined));
  const footers = await readFooters(files, db);
  const kinds = new Map<string, Located>();
  for (const [index, { schema }] of footers.entries()) {
    const file = files[index];
    if (file !== undefined && !kinds.has(schema)) kinds.set(schema, file);
  }
  const schemas: FileSchema[] = [];
  for (const file of kinds.values()) schemas.push({ uri: file.uri, columns: await parquetColumns(file, db) });
  const [first, ...others] = schemas;
  if (first === undefined) throw new RangeError("a table has at least one file");
  const { columns, notes, isUniform } = mergeSchemas([first, ...others]);
  const list = files.map((file) => quotePath(file.absolutePath)).join(", ");
  const byName = isUniform ? "" : ", union_by_name = true";
  return {
    columns,
    rows: footers.map((footer) => footer.rows),
    groupRows: sumOf(footers, "rows") / Math.max(1, sumOf(footers, "groups")),
    isUniform,
    notes,
    reader: `read_parquet([${list}], hive_partitioning = false${byName})`,
  };
}

function sumOf(footers: readonly Footer[], key: "rows" | "groups"): number {
  return footers.reduce((sum, footer) => sum + footer[key], 0);
}

function keepRefusal(error: unknown): unknown {
  return error;
}

interface Footer {
  /** Equal where the columns are: a digest of the schema. */
  readonly schema: string;
  readonly rows: number;
  readonly groups: number;
}

/** One query over all footers; names and types are compared by digest, so that thousands of wide files stay small. */
async function readFooters(files: readonly Located[], db: DuckDb): Promise<Footer[]> {
  const list = `[${files.map((file) => quotePath(file.absolutePath)).join(", ")}]`;
  const sql = `SELECT s.file_name, s.digest, m.num_rows, m.num_row_groups
FROM (SELECT file_name, md5(string_agg(concat_ws(chr(31), name, type, type_length, num_children, duckdb_type, converted_type, logical_type), chr(30) ORDER BY column_id)) AS digest
  FROM parquet_schema(${list}) GROUP BY file_name) s
JOIN parquet_file_metadata(${list}) m ON s.file_name = m.file_name`;
  try {
    const found = new Map(
      (await db.query(sql)).map((row) => [
        String(row["file_name"]),
        {
          schema: String(row["digest"]),
          rows: Number(row["num_rows"]),
          groups: Number(row["num_row_groups"]),
        },
      ]),
    );
    return files.map((file) => {
      const footer = found.get(file.absolutePath);
      if (footer === undefined) throw new RangeError(`no footer of ${file.absolutePath}`);
      return footer;
    });
  } catch (error) {
    throw readError(error, "parquet", files);
  }
}
