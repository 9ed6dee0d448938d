import type { WritableColumn } from "../../src/metrics/binary/stored/stored-rows.ts";

type Values = Parameters<WritableColumn["write"]>[1];

/** A column that is in memory where a stored one is in a file. */
export function memoryColumn(values: Values): WritableColumn {
  return {
    async read(start, into) {
      into.set(values.subarray(start, start + into.length));
    },
    async write(start, from) {
      values.set(from, start);
    },
  };
}
