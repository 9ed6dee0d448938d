import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { exportContract } from "../../../src/data/exchange/export-contract.ts";
import { MlopsError } from "../../../src/errors.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { imported } from "./imported.ts";

const folder = path.resolve(import.meta.dirname, "../../../fixtures/exchange");
const names = ["gx-1.24.json", "gx-0.18.json", "orders.odcs.yaml", "pandera-0.35.yaml", "pandera-0.20.yaml"];
const texts = names.map((name) => readFileSync(path.join(folder, name), "utf8"));
const soda = {
  dataset: "a/b",
  columns: [{ name: "x", checks: [{ invalid: { valid_min: 1 } }, { missing: null }] }],
  checks: [{ row_count: {} }],
};
const frictionless = {
  fields: [{ name: "x", type: "integer", constraints: { enum: ["1"], minimum: 1 } }],
  primaryKey: "x",
};
const documents: readonly unknown[] = [...texts.map((text): unknown => parse(text)), soda, frictionless];

/** Anything a file can hold, and words that mean something. */
const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    "",
    "x",
    [],
    {},
    -1,
    1e308,
    "2020-01-01",
    "__proto__",
    [[null]],
    { value: 1 },
    "DataContract",
  ),
);

/** A copy in which the values at some places, counted in the order of reading, are others; `undefined` goes. */
function changed(value: unknown, at: ReadonlyMap<number, unknown>, counter = { next: 0 }): unknown {
  const place = counter.next++;
  if (at.has(place)) return at.get(place);
  if (Array.isArray(value)) return value.map((item: unknown) => changed(item, at, counter));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changed(item, at, counter)]));
}

function sizeOf(value: unknown): number {
  const counter = { next: 0 };
  changed(value, new Map(), counter);
  return counter.next;
}

const mutant = fc.constantFrom(...documents).chain((document) =>
  fc
    .array(fc.tuple(fc.nat(sizeOf(document) - 1), fc.option(junk, { nil: undefined })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((changes) => changed(document, new Map(changes))),
);

/** A contract that its own schema takes, or an error of usage. */
function tryImport(text: string): void {
  try {
    const { contract, notes, yaml } = imported(text);
    expect(contractFileSchema.safeParse(contract).error).toBeUndefined();
    expect(parse(yaml)).toEqual(contract);
    for (const note of notes) expect(note.reason).not.toBe("");
    for (const format of ["gx", "odcs", "pandera"] as const) exportContract(contract, format, "data");
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    expect(error.kind).toBe("usage");
  }
}

describe("a file with anything in it", () => {
  it("becomes a contract or a clear refusal", () => {
    const numRuns = times(150, 3000);
    fc.assert(
      fc.property(mutant, (document) => tryImport(JSON.stringify(document) ?? "")),
      { numRuns },
    );
  });

  it("that is cut off or has other bytes becomes a contract or a clear refusal", () => {
    const cut = fc
      .constantFrom(...texts)
      .chain((text) => fc.nat(text.length).map((end) => text.slice(0, end)));
    const flipped = fc
      .constantFrom(...texts)
      .chain((text) =>
        fc
          .tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }))
          .map(([at, other]) => text.slice(0, at) + other + text.slice(at + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(cut, flipped, fc.string()), (text) => tryImport(text)),
      { numRuns: times(100, 2000) },
    );
  });
}, 300_000);
