import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect } from "vitest";

const python = path.resolve(import.meta.dirname, "../../.cache/venv/bin/python");

/** mulberry32: the seed is printed with a failure, so that the case can be made again. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(choices: readonly [T, ...T[]], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

/** What a script of the tests' Python answers to cases as JSON on its stdin. */
export function answersOf(script: string, cases: readonly unknown[]): Record<string, number | null>[] {
  const run = spawnSync(python, [script], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(run.status, run.stderr).toBe(0);
  const answers: unknown = JSON.parse(run.stdout);
  if (!Array.isArray(answers)) throw new TypeError("the script of the reference wrote no list");
  expect(answers.length).toBe(cases.length);
  return answers;
}

/** 0 to `count` - 1 in a random order. */
export function shuffled(count: number, random: () => number): number[] {
  return Array.from({ length: count }, (_, row) => ({ row, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ row }) => row);
}
