import { CsvBackground } from "./csv-background.ts";
import type { FieldForms } from "./csv-forms.ts";
import { type CsvTable, csvReader, openCsv } from "./csv-table.ts";
import type { PartitionColumn } from "./partitions.ts";
import { readError } from "./read-error.ts";
import {
  type OpenRequest,
  partitionsOf,
  refuseContradictions,
  sourceColumns,
  sourceFiles,
  tableExpression,
} from "./source-parts.ts";
import type { CsvType, SourceColumn, TableSource } from "./table-source.ts";

/** A table of CSV files, every column text. Throws `not-evaluable` for files that are no CSV of one table. */
export async function openCsvSource(request: OpenRequest): Promise<TableSource> {
  const { files, db, options } = request;
  const { delimiter, encoding, signal } = options;
  const partitions = partitionsOf(request);
  const table = await openCsv(files, db, { delimiter, encoding, signal });
  const stored = table.names.map((name) => ({ name, engineType: "VARCHAR" }));
  const columns = sourceColumns(stored, partitions);
  const background = new CsvBackground(table.opened, signal);
  try {
    await (options.readsAhead === true ? background.firstLook : background.checked);
    const parts = { table, columns, partitions };
    const surelyParallel = background.state === "safe";
    await refuseContradictions(request, {
      reader: reader(parts, { isParallel: surelyParallel }),
      columns,
      partitions,
    });
    return sourceOf(request, parts, background);
  } catch (error) {
    background.close();
    throw error;
  }
}

interface CsvParts {
  readonly table: CsvTable;
  readonly columns: readonly SourceColumn[];
  readonly partitions: readonly PartitionColumn[];
}

function sourceOf(request: OpenRequest, parts: CsvParts, background: CsvBackground): TableSource {
  const { files } = request;
  const { table, columns } = parts;
  const isParallel = background.state === "safe";
  const byName = (forms: FieldForms) =>
    new Map([...forms].map(([place, form]) => [table.names[place] ?? "", form] as const));
  const read = table.opened.map((one) => ({ uri: one.file.uri, absolutePath: one.input.absolutePath }));
  return {
    format: "csv",
    files: table.opened.map((one) => ({ ...one.file, readPath: one.input.absolutePath })),
    columns,
    csv: table.reading,
    notes: [...request.notes, ...encodingNotes(table)],
    sql: expression(parts, { isParallel }),
    optimistic:
      background.state === "unknown"
        ? { sql: expression(parts, { isParallel: true }), holds: background.isParallelSafe }
        : undefined,
    typedSql(types, how) {
      if (!columns.some((column) => column.origin === "file" && types.has(column.name))) return undefined;
      return expression(parts, { isParallel: isParallel || how === "optimistic", types });
    },
    stretches: () => undefined,
    likelyRows: () => background.rows,
    forms: () => byName(background.forms),
    heldForms: async () => byName(await background.heldForms),
    facts: async () => sourceFiles(files, await background.checked),
    explain: (error) => readError(error, "csv", read),
    close: () => background.close(),
  };
}

interface Reading {
  readonly isParallel: boolean;
  readonly types?: ReadonlyMap<string, CsvType>;
}

function reader({ table, columns }: CsvParts, { isParallel, types }: Reading): string {
  const stored = columns.filter((column) => column.origin === "file");
  const read = stored.map((column) => [column.sql, types?.get(column.name) ?? "VARCHAR"] as const);
  return csvReader(table, { isParallel, columns: read });
}

function expression(parts: CsvParts, reading: Reading): string {
  // Without partitions the reader's own columns are those of the table: one step less for the engine.
  const isPlain = parts.columns.every((column) => column.origin === "file");
  const made = reader(parts, reading);
  return isPlain ? made : tableExpression(made, parts.columns, parts.partitions);
}

function encodingNotes({ opened }: CsvTable): string[] {
  const marked = opened.filter((one) => one.header.hasBom || one.header.encoding !== "utf-8");
  const [first] = marked;
  if (first === undefined) return [];
  const others = marked.length > 1 ? ` and ${marked.length - 1} more` : "";
  const what =
    first.header.encoding === "utf-8" ? "begins with a byte order mark" : `is in ${first.header.encoding}`;
  return [`${first.file.uri}${others} ${what}; it was read as text without it, and as UTF-8.`];
}
