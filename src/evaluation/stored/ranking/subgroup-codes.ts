import type { SubgroupColumns } from "../../columns.ts";
import type { TableReading } from "../../read/plan-reading.ts";
import { crossedNames, type GroupReading } from "../../read/subgroups.ts";

/** One subgroup: a column, or several crossed. */
interface SubgroupReading {
  readonly column: string;
  readonly columns: readonly GroupReading[];
  /** How many groups there may be. */
  readonly possible: number;
}

/** The groups of rows that are read some at a time. Crossed columns have codes for groups without rows too. */
export class SubgroupCodes {
  readonly #readings: readonly SubgroupReading[];

  constructor({ groups }: TableReading, subgroups: readonly SubgroupColumns[]) {
    this.#readings = subgroups.map((subgroup) => {
      const columns = subgroup.columns.flatMap((name) => groups.get(name) ?? []);
      const possible = columns.reduce((count, one) => count * one.names.length, 1);
      return { column: subgroup.name, columns, possible };
    });
  }

  /** Of each subgroup, with those that have no rows. */
  get possible(): readonly { readonly column: string; readonly count: number }[] {
    return this.#readings.map(({ column, possible }) => ({ column, count: possible }));
  }

  /** Of each subgroup the codes of the rows that were read last. */
  codes(rows: number): Uint32Array[] {
    return this.#readings.map(({ columns }) => {
      const codes = new Uint32Array(rows);
      for (const { names, sink } of columns) {
        for (let row = 0; row < rows; row += 1)
          codes[row] = (codes[row] ?? 0) * names.length + (sink.codes[row] ?? 0);
      }
      return codes;
    });
  }

  /** Of each subgroup a byte a possible group: 1 where it has rows, when `note` was told of all. */
  seen(): Uint8Array[] {
    return this.#readings.map(({ possible }) => new Uint8Array(possible));
  }

  /** The groups that have rows. */
  groupsOf(seen: readonly Uint8Array[]): SeenGroups[] {
    return this.#readings.map(({ column, columns }, index) => {
      const own = seen[index] ?? new Uint8Array();
      let next = 0;
      const codes = Uint32Array.from(own, (isThere) => (isThere === 1 ? next++ : 0));
      return { column, names: crossedNames(columns).filter((_, code) => own[code] === 1), codes };
    });
  }
}

/** The groups of one subgroup, all of which have rows. */
export interface SeenGroups {
  readonly column: string;
  /** In their order. */
  readonly names: readonly string[];
  /** By the code of `SubgroupCodes`: the place among the names. */
  readonly codes: Uint32Array;
}
