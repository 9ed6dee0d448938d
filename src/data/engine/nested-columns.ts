import type { SourceColumn, TableSource } from "../sources/table-source.ts";
import type { DuckDb } from "./duckdb.ts";
import { isMeasureFault } from "./fault.ts";
import { quoteIdentifier } from "./sql.ts";

/** A field in a struct of the table. */
export interface NestedField {
  readonly name: string;
  /** The top-level column and the names below it. */
  readonly path: readonly string[];
  readonly engineType: string;
}

/** Those of `names` that are paths of fields in structs: `address.city`. A column of that very name is no path. */
export async function nestedFields(
  names: readonly string[],
  source: TableSource,
  db: DuckDb,
): Promise<NestedField[]> {
  const columns = new Map(source.columns.map((column) => [column.name, column]));
  const found: NestedField[] = [];
  for (const name of names) {
    if (columns.has(name)) continue;
    const parts = name.split(".");
    // The longest name wins, so that the fields of a column called a.b can be reached too.
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const top = columns.get(parts.slice(0, length).join("."));
      if (top === undefined || !top.engineType.startsWith("STRUCT")) continue;
      const fields = parts.slice(length);
      const engineType = await fieldType(top, fields, { source, db });
      if (engineType !== undefined) found.push({ name, path: [top.name, ...fields], engineType });
      break;
    }
  }
  return found;
}

async function fieldType(
  top: SourceColumn,
  fields: readonly string[],
  { source, db }: { readonly source: TableSource; readonly db: DuckDb },
): Promise<string | undefined> {
  const field = fields.map((part) => `.${quoteIdentifier(part)}`).join("");
  try {
    const [row] = await db.query(`DESCRIBE SELECT source.${top.sql}${field} FROM ${source.sql} AS source`);
    return String(row?.["column_type"]);
  } catch (error) {
    // There is no such field; the check that wants it says so.
    if (isMeasureFault(error)) return undefined;
    throw error;
  }
}
