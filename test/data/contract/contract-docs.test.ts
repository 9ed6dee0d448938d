import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";

const file = path.resolve(import.meta.dirname, "..", "..", "..", "docs", "contract.md");
const text = readFileSync(file, "utf8");
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

/** Every key that a mapping somewhere in the schema has. */
function keysOf(schema: unknown, seen = new Set<unknown>()): string[] {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const keys = "shape" in schema && typeof schema.shape === "object" ? Object.keys(schema.shape ?? {}) : [];
  const inner = "shape" in schema ? Object.values(schema.shape ?? {}) : [];
  const def = "def" in schema && typeof schema.def === "object" ? Object.values(schema.def ?? {}) : [];
  return [...keys, ...[...inner, ...def.flat()].flatMap((one) => keysOf(one, seen))];
}

/** The keys that stand in a value, however deep. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...keysIn(one)]);
}

describe("docs/contract.md", () => {
  it("has an example to read", () => {
    expect(examples.length).toBeGreaterThan(8);
  });

  it.each(examples.map((example, index) => [index + 1, example]))(
    "shows a contract that is right: %i",
    (_, example) => {
      const parsed = contractFileSchema.safeParse(parse(String(example), { merge: true }));
      expect(parsed.error?.issues ?? []).toEqual([]);
    },
  );

  it("explains every key, and shows it in an example unless a later version brings it", () => {
    const keys = [...new Set(keysOf(contractFileSchema))];
    expect(keys.length).toBeGreaterThan(50);
    const later = ["reference", "drift", "label", "split", "segments", "pii"];
    const shown = new Set(examples.flatMap((example) => keysIn(parse(example, { merge: true }))));
    expect(keys.filter((key) => !text.includes(`\`${key}`) && !shown.has(key))).toEqual([]);
    expect(keys.filter((key) => !shown.has(key) && !later.includes(key))).toEqual([]);
    expect(later.filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });
});
