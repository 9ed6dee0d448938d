import { describe, expect, it } from "vitest";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { type ExportFormat, exportContract } from "../../../src/data/exchange/export-contract.ts";
import { importContract } from "../../../src/data/exchange/import-contract.ts";
import { rangeOf, readCards, readRows, readUniqueSets } from "../../../src/data/exchange/read-contract.ts";
import { fc } from "../../support/fast-check.ts";
import { times } from "../../support/full.ts";
import { type Abilities, randomContract } from "./random-contract.ts";

const ranges = ["length", "mean", "sum", "stdev", "median", "distinct", "distinct_ratio"];

/** What a contract says of its columns, whichever forms it is written in; without what says nothing. */
function meaning(contract: Readonly<Record<string, unknown>>): unknown {
  const cards = readCards(contract).map(({ column, rules }) => {
    const said = rules
      .filter(({ key, value }) => !(key === "nulls" && value === 1) && key !== "required")
      .map(({ path, ...rule }) => {
        const value = ranges.includes(rule.key) ? rangeOf(rule.value) : dayOf(rule.value);
        return [path, { ...rule, value }] as const;
      });
    return [column, Object.fromEntries(said)] as const;
  });
  const rows = readRows(contract).map(({ key, value }) => [key, value]);
  return {
    cards: Object.fromEntries(cards),
    rows,
    unique: readUniqueSets(contract).map(({ value }) => value),
  };
}

/** The first moment of a day is the day. */
function dayOf(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/T00:00:00$/, "") : value;
}

function roundTrip(contract: Readonly<Record<string, unknown>>, format: ExportFormat) {
  const { text, notes } = exportContract(contract, format, "data");
  const back = importContract({ text, source: `contract.${format}`, knowsExpectation: () => true });
  return { text, notes: [...notes, ...back.notes], format: back.format, contract: back.contract };
}

const abilities: Readonly<Record<ExportFormat, Abilities>> = {
  gx: { row: { allow: true, when: true }, figure: { when: true }, aggregates: true, nullRatio: true },
  odcs: {
    row: { severity: ["fail"], name: false },
    figure: {},
    aggregates: true,
    nullRatio: true,
  },
  pandera: { row: { severity: ["fail", "warn"] }, figure: {}, aggregates: false, nullRatio: false },
};

describe.each(["gx", "odcs", "pandera"] as const)(
  "a contract that becomes %s and a contract again",
  (format) => {
    it("says the same of its columns, and nothing is noted", () => {
      fc.assert(
        fc.property(randomContract(abilities[format]), (contract) => {
          fc.pre(contractFileSchema.safeParse(contract).success);
          // ODCS has no counterpart for values that are forbidden: they become queries.
          const plain = format === "odcs" ? withoutKeys(contract, ["not_values", "not_pattern"]) : contract;
          const back = roundTrip(plain, format);
          expect(back.format).toBe(format);
          // pandera is asked to convert first, which is no rule of ours.
          expect(back.notes.filter(({ path }) => !path.endsWith(".coerce"))).toEqual([]);
          expect(contractFileSchema.safeParse(back.contract).error).toBeUndefined();
          expect(meaning(back.contract)).toEqual(meaning(plain));
        }),
        { numRuns: times(100, 1000) },
      );
    });

    it("is written in the same words each time", () => {
      fc.assert(
        fc.property(randomContract(abilities[format]), (contract) => {
          expect(exportContract(contract, format, "data")).toEqual(exportContract(contract, format, "data"));
        }),
        { numRuns: times(20, 500) },
      );
    });
  },
);

function withoutKeys(contract: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  const cards = Array.isArray(contract["columns"]) ? contract["columns"] : [];
  const columns = cards.map((card: object) =>
    Object.fromEntries(Object.entries(card).filter(([key]) => !keys.includes(key))),
  );
  return { ...contract, columns };
}
