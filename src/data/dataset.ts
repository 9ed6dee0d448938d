import { createHash } from "node:crypto";
import type { ColumnProfile, ValidationDataset } from "../results/validation-report.ts";
import type { Answers } from "./plan/answers.ts";
import type { PlanColumn } from "./plan/column.ts";
import type { Measure } from "./plan/measure.ts";
import type { SourceFile, TableSource } from "./sources/table-source.ts";

/** The measures that `datasetOf` wants: the rows, and what does not fit a type that was only found in the first rows. */
export function datasetMeasures(columns: readonly PlanColumn[]): Measure[] {
  const texts = columns.filter((column) => column.path === undefined && column.storage === "text");
  return [{ kind: "count" }, ...texts.map(mistyped)];
}

function mistyped({ name }: PlanColumn): Measure {
  return { kind: "count", where: { op: "is-mistyped", column: name } };
}

export interface DatasetParts {
  readonly source: TableSource;
  /** Of `source.facts()`. */
  readonly files: readonly SourceFile[];
  readonly columns: readonly PlanColumn[];
  readonly answers: Answers;
  /** By the name of the column; measured for the HTML page only. */
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
}

/** Which table this was, for the report. */
export function datasetOf({ source, files, columns, answers, profiles }: DatasetParts): ValidationDataset {
  const { format, csv } = source;
  return {
    uri: files.map((file) => file.uri).join(", "),
    rows: answers.count({ kind: "count" }),
    columns: columns
      .filter((column) => column.path === undefined)
      .map((column) => ({
        name: column.name,
        type: reportedType(column, answers),
        profile: profiles.get(column.name) ?? null,
      })),
    sha256: tableDigest(files.map((file) => file.sha256)),
    format,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    files: files.map(({ uri, sizeBytes, sha256, etag, rows }) => ({ uri, sizeBytes, sha256, etag, rows })),
    csv: csv === undefined ? null : { ...csv },
  };
}

/** What the column is, not what it should be: text with one value that is no number is text. */
function reportedType(column: PlanColumn, answers: Answers): string {
  const type = column.storedType ?? column.type;
  if (type === "other") return column.storedAs;
  const isText = column.storedType === undefined && answers.count(mistyped(column)) > 0;
  return isText ? "string" : type;
}

function tableDigest(digests: readonly (string | null)[]): string | null {
  if (digests.includes(null)) return null;
  if (digests.length <= 1) return digests[0] ?? null;
  return createHash("sha256")
    .update(digests.map((digest) => `${digest}\n`).join(""))
    .digest("hex");
}
