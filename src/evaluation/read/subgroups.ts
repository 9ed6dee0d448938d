import type { SourceColumn } from "../../data/sources/table-source.ts";
import type { Grouping } from "../../metrics/metric-set.ts";
import type { SubgroupColumns } from "../columns.ts";
import type { Dictionary } from "./dictionary.ts";
import { type CodeSink, lookupSink, sharedUint8, sharedUint32 } from "./sinks.ts";

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
  readonly sink: CodeSink;
}

/** A column whose rows were all read. */
export interface CodedColumn {
  readonly codes: Uint8Array | Uint32Array;
  /** By code; every one has rows. */
  readonly names: readonly string[];
}

/** Combinations of values that are looked for, whether there are rows of them or not. */
const mostCrossed = 1_000_000;

/** The group of rows without a value. */
const missingGroup = "(missing)";

export function readGroups(column: SourceColumn, dictionary: Dictionary, rows: number): GroupReading {
  const isFloat = ["DOUBLE", "FLOAT"].includes(column.engineType);
  const shown = [...dictionary.texts.map((text) => (isFloat ? String(Number(text)) : text)), missingGroup];
  const names = [...new Set(dictionary.hasMissing ? shown : shown.slice(0, -1))].sort();
  const places = new Map(names.map((name, place) => [name, place]));
  const table = Uint32Array.from(shown, (name) => places.get(name) ?? 0);
  return { names, sink: lookupSink(dictionary, codesFor(names.length, rows), table) };
}

/** A byte a row where that is enough. */
function codesFor(count: number, rows: number): Uint8Array | Uint32Array {
  return count <= 256 ? sharedUint8(rows) : sharedUint32(rows);
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

/** Of columns whose values are crossed in more ways than can be looked for, or have more groups with rows than are measured. */
export function tooManyGroups(
  groups: readonly { readonly column: string; readonly count: number }[],
  {
    uri,
    maxGroups,
    isCounted,
  }: { readonly uri: string; readonly maxGroups: number; readonly isCounted: boolean },
): string[] {
  return groups
    .filter(({ count }) => count > (isCounted ? maxGroups : mostCrossed))
    .map(
      ({ column, count }) =>
        `${uri}: the subgroup ${JSON.stringify(column)} has ${count} groups, at most ${maxGroups} are measured (--max-groups)`,
    );
}

/** The names of crossed groups, whether they have rows or not; the last column's go round first. */
export function crossedNames(columns: readonly { readonly names: readonly string[] }[]): string[] {
  const [first = [], ...others] = columns.map((one) => one.names);
  return others.reduce<string[]>(
    (names, more) => names.flatMap((left) => more.map((right) => `${left}*${right}`)),
    [...first],
  );
}

function cross(one: CodedColumn, other: CodedColumn): CodedColumn {
  const rows = one.codes.length;
  const width = other.names.length;
  const names = crossedNames([one, other]);
  const isThere = new Uint8Array(names.length);
  for (let row = 0; row < rows; row += 1)
    isThere[(one.codes[row] ?? 0) * width + (other.codes[row] ?? 0)] = 1;
  const kept: string[] = [];
  const table = Uint32Array.from(names, (name, code) => (isThere[code] === 1 ? kept.push(name) - 1 : 0));
  const codes = codesFor(kept.length, rows);
  for (let row = 0; row < rows; row += 1) {
    codes[row] = table[(one.codes[row] ?? 0) * width + (other.codes[row] ?? 0)] ?? 0;
  }
  return { codes, names: kept };
}
