import type { SourceColumn } from "../../data/sources/table-source.ts";
import type { Grouping } from "../../metrics/metric-set.ts";
import type { SubgroupColumns } from "../columns.ts";
import type { Dictionary } from "./dictionary.ts";
import { type CodeSink, lookupSink, sharedUint32 } from "./sinks.ts";

/** Which group each row is in, and the groups' names. */
export interface SubgroupData {
  readonly column: string;
  /** By code, sorted; every group has rows. */
  readonly names: readonly string[];
  readonly grouping: Grouping;
}

/** One column of groups that is being read. */
export interface GroupReading {
  readonly names: readonly string[];
  readonly sink: CodeSink & { readonly codes: Uint32Array };
}

/** A column whose rows were all read. */
export interface CodedColumn {
  readonly codes: Uint32Array;
  /** By code; every one has rows. */
  readonly names: readonly string[];
}

/** The group of rows without a value. */
const missingGroup = "(missing)";

export function readGroups(column: SourceColumn, dictionary: Dictionary, rows: number): GroupReading {
  const isFloat = ["DOUBLE", "FLOAT"].includes(column.engineType);
  const shown = [...dictionary.texts.map((text) => (isFloat ? String(Number(text)) : text)), missingGroup];
  const names = [...new Set(dictionary.hasMissing ? shown : shown.slice(0, -1))].sort();
  const places = new Map(names.map((name, place) => [name, place]));
  const table = Uint32Array.from(shown, (name) => places.get(name) ?? 0);
  return { names, sink: lookupSink(dictionary.sql, sharedUint32(rows), table) };
}

/** To be called when all rows were read; every text of a dictionary has rows. */
export function codedColumn({ names, sink }: GroupReading): CodedColumn {
  return { names, codes: sink.codes };
}

/** The groups of one column, or of several crossed: `female*north`. Only those with rows, in the order of the names. */
export function groupsOf(subgroup: SubgroupColumns, columns: readonly CodedColumn[]): SubgroupData {
  const [first, ...others] = columns;
  if (first === undefined) throw new RangeError("a subgroup has a column");
  const { codes, names } = others.reduce(cross, first);
  return { column: subgroup.name, names, grouping: { codes, count: names.length } };
}

function cross(one: CodedColumn, other: CodedColumn): CodedColumn {
  const codes = sharedUint32(one.codes.length);
  const width = other.names.length;
  for (let row = 0; row < codes.length; row += 1) {
    codes[row] = (one.codes[row] ?? 0) * width + (other.codes[row] ?? 0);
  }
  return present({
    codes,
    names: one.names.flatMap((left) => other.names.map((right) => `${left}*${right}`)),
  });
}

/** Without the groups that have no rows; renumbers in place. */
function present({ codes, names }: CodedColumn): CodedColumn {
  const isThere = new Uint8Array(names.length);
  for (let row = 0; row < codes.length; row += 1) isThere[codes[row] ?? 0] = 1;
  if (!isThere.includes(0)) return { codes, names };
  const kept: string[] = [];
  const table = Uint32Array.from(names, (name, code) => (isThere[code] === 1 ? kept.push(name) - 1 : 0));
  for (let row = 0; row < codes.length; row += 1) codes[row] = table[codes[row] ?? 0] ?? 0;
  return { codes, names: kept };
}
