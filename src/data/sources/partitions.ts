import { quoteText } from "../engine/sql.ts";
import { refusal } from "./refusals.ts";

/** A folder name `key=value` on the way to a file; null where the writer had no value. */
export interface PartitionValue {
  readonly key: string;
  readonly value: string | null;
}

/** A column that stands in folder names instead of files. */
export interface PartitionColumn {
  readonly name: string;
  readonly engineType: "BIGINT" | "DATE" | "VARCHAR";
  /** One for each file. */
  readonly values: readonly (string | null)[];
}

/** What Hive, Spark and others write for a missing value. */
const missingValue = "__HIVE_DEFAULT_PARTITION__";

/** The `key=value` folders of a path as the user wrote it, or as it was found below the folder or pattern that he wrote. */
export function partitionValues(uri: string): PartitionValue[] {
  const folders = uri.split("/").slice(0, -1);
  return folders.flatMap((folder) => {
    const match = /^([^=]+)=(.*)$/s.exec(folder);
    if (match === null) return [];
    const [key, value] = [decode(match[1] ?? ""), decode(match[2] ?? "")];
    return [{ key, value: value === missingValue ? null : value }];
  });
}

function decode(text: string): string {
  // Only whole escapes: a folder may be called `100%`.
  return text.replaceAll(/(%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

interface PartitionedFile {
  readonly uri: string;
  readonly partitions: readonly PartitionValue[];
}

/**
 * The partition columns of files of one table, in the order of their folders. All values of a key being whole numbers makes it
 * BIGINT, all being dates DATE, else it is text. Throws `not-evaluable` where files lie in different keys or depths.
 */
export function partitionColumns(files: readonly PartitionedFile[]): PartitionColumn[] {
  const [first] = files;
  if (first === undefined) return [];
  const keys = first.partitions.map((one) => one.key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw refusal(
      "DATA_PARTITIONS_DIFFER",
      `${first.uri}: the folder ${twice}=… stands twice in the path.`,
      "Rename one of the folders, or switch partition columns off.",
    );
  }
  for (const file of files) {
    if (file.partitions.length === keys.length && file.partitions.every((one, at) => one.key === keys[at]))
      continue;
    throw refusal(
      "DATA_PARTITIONS_DIFFER",
      `${first.uri} and ${file.uri} do not lie in the same partition folders: ${shownKeys(first)} and ${shownKeys(file)}.`,
      "Give files of the same depth, or switch partition columns off.",
    );
  }
  return keys.map((name, at) => {
    const values = files.map((file) => file.partitions[at]?.value ?? null);
    return { name, engineType: typeOf(values), values };
  });
}

function shownKeys(file: PartitionedFile): string {
  return file.partitions.map((one) => `${one.key}=…`).join("/") || "none";
}

function typeOf(values: readonly (string | null)[]): PartitionColumn["engineType"] {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return "VARCHAR";
  if (present.every((value) => /^[+-]?\d{1,18}$/.test(value))) return "BIGINT";
  return present.every(isDate) ? "DATE" : "VARCHAR";
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  // JavaScript takes 30 February for 1 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** The value of the column in a query over a reader of all files, which knows each row's `file_index`. */
export function partitionSql(column: PartitionColumn): string {
  const literals = column.values.map((value) => (value === null ? "NULL" : quoteText(value)));
  const [only] = literals;
  if (only !== undefined && new Set(literals).size === 1) return `CAST(${only} AS ${column.engineType})`;
  return `CAST([${literals.join(", ")}] AS ${column.engineType}[])[CAST(file_index AS BIGINT) + 1]`;
}
