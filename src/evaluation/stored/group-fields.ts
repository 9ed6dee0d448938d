import { fieldsOf, payloadBytes } from "../../metrics/binary/rows-by-score.ts";
import type { RowForm, StoredColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { emptyPayloads, type Payloads } from "../../metrics/score-columns.ts";
import type { SubgroupColumns } from "../columns.ts";
import type { TableReading } from "../read/plan-reading.ts";
import { crossedNames, type GroupReading } from "../read/subgroups.ts";

/** One subgroup that is read stretch by stretch: columns that are crossed have codes for groups without rows too, until all are read. */
interface FieldReading {
  readonly column: string;
  readonly columns: readonly GroupReading[];
  /** By code. */
  readonly names: readonly string[];
  /** By code: 1 where there are rows. Undefined where all have some. */
  readonly seen: Uint8Array | undefined;
}

export interface StoredGroups {
  readonly column: string;
  /** By code; every group has rows. */
  readonly names: readonly string[];
}

/** The subgroups of rows that are stored: codes as bits beside the label. */
export class GroupFields {
  readonly #readings: readonly FieldReading[];
  readonly #raw: ReturnType<typeof fieldsOf>;

  constructor({ groups }: TableReading, subgroups: readonly SubgroupColumns[]) {
    this.#readings = subgroups.map((subgroup) => {
      const columns = subgroup.columns.flatMap((name) => groups.get(name) ?? []);
      const names = crossedNames(columns);
      const seen = columns.length > 1 ? new Uint8Array(names.length) : undefined;
      return { column: subgroup.name, columns, names, seen };
    });
    this.#raw = fieldsOf(this.#readings.map((reading) => reading.names.length));
  }

  /** More than 32 do not fit. */
  get bits(): number {
    return this.#raw.bits;
  }

  get payloadBytes(): number {
    return payloadBytes(this.bits);
  }

  /** Adds the codes of the rows that were just read to their labels. */
  pack(labels: Uint8Array, packed: Payloads): void {
    packed.set(labels);
    for (const [index, { columns, seen }] of this.#readings.entries()) {
      const { shift } = this.#raw.fields[index] ?? { shift: 0 };
      const [first, ...others] = columns;
      for (let row = 0; row < packed.length; row += 1) {
        let code = first?.sink.codes[row] ?? 0;
        for (const other of others) code = code * other.names.length + (other.sink.codes[row] ?? 0);
        if (seen !== undefined) seen[code] = 1;
        packed[row] = (packed[row] ?? 0) | (code << shift);
      }
    }
  }

  /** When all rows were read: the groups that have some. */
  get groups(): readonly StoredGroups[] {
    return this.#readings.map(({ column, names, seen }) => ({
      column,
      names: seen === undefined ? names : names.filter((_, code) => seen[code] === 1),
    }));
  }

  /** When all rows were read: how they lie with codes of groups that have rows only, and a column that reads them so. */
  form(stored: StoredColumn): Pick<RowForm, "fields" | "groups" | "payloadBytes"> & {
    readonly payloads: StoredColumn;
  } {
    const groups = this.groups.map(({ names }) => names.length);
    const { fields, bits } = fieldsOf(groups);
    const form = { fields, groups, payloadBytes: payloadBytes(bits) };
    if (this.#readings.every(({ names }, index) => names.length === groups[index]))
      return { ...form, payloads: stored };
    const moves = this.#readings.map(({ names, seen }, index) => ({
      from: this.#raw.fields[index] ?? { shift: 0, mask: 0 },
      to: fields[index]?.shift ?? 0,
      codes: newCodes(names.length, seen),
    }));
    const read = async (start: number, into: Parameters<StoredColumn["read"]>[1]) => {
      const raw = emptyPayloads(this.payloadBytes, into.length, false);
      await stored.read(start, raw);
      for (let row = 0; row < raw.length; row += 1) {
        const value = raw[row] ?? 0;
        let moved = value & 1;
        for (const { from, to, codes } of moves) {
          moved |= (codes[(value >>> from.shift) & from.mask] ?? 0) << to;
        }
        into[row] = moved;
      }
    };
    return { ...form, payloads: { read } };
  }
}

function newCodes(count: number, seen: Uint8Array | undefined): Uint32Array {
  let next = 0;
  return Uint32Array.from({ length: count }, (_, code) =>
    seen === undefined || seen[code] === 1 ? next++ : 0,
  );
}
