import { Crew } from "./crew.ts";
import type { Rehearsal } from "./job-thread.ts";
import { measureParts } from "./measure-parts.ts";

/** So many rows are measured until the loops are compiled to machine code. */
const rows = 60_000;

/** Measures rows that mean nothing, so that a thread that has nothing to do yet knows the ways when the table was read. */
export async function rehearse({ isFloat32, groups }: Rehearsal): Promise<void> {
  const scores = isFloat32 ? new Float32Array(rows) : new Float64Array(rows);
  const labels = new Uint8Array(rows);
  const codes = new Uint8Array(rows);
  let state = 1;
  for (let row = 0; row < rows; row += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    scores[row] = (state + row / rows) / 2 ** 32;
    labels[row] = Number(Math.imul(state, 69069) >>> 0 < state);
    codes[row] = row % Math.min(256, ...groups);
  }
  const groupings = groups.map((count) => ({ codes, count }));
  const input = { labels, scores, threshold: 0.5 };
  await measureParts({ input, groupings, crew: new Crew([]), isScored: true });
}
