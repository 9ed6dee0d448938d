import { readFileSync } from "node:fs";
import path from "node:path";
import { type ImportedContract, importContract } from "../../../src/data/exchange/import-contract.ts";

const folder = path.resolve(import.meta.dirname, "../../../fixtures/exchange");

/** What becomes of this text, or of a mapping as JSON; every expectation is known but `expect_unknown`. */
export function imported(content: string | object, table?: string): ImportedContract {
  return importContract({
    text: typeof content === "string" ? content : JSON.stringify(content),
    source: "rules.yaml",
    table,
    knowsExpectation: (type) => type !== "expect_unknown",
  });
}

/** The same of a file of fixtures/exchange. */
export function importedFile(name: string): ImportedContract {
  return imported(readFileSync(path.join(folder, name), "utf8"));
}

/** The card of a column; throws where there is none. */
export function cardOf({ contract }: ImportedContract, column: string): Readonly<Record<string, unknown>> {
  const cards: unknown = contract["columns"];
  const found = Array.isArray(cards)
    ? cards.find(
        (card: Readonly<Record<string, unknown>>) => card["name"] === column || card["match"] === column,
      )
    : undefined;
  if (found === undefined) throw new Error(`no card for ${column}`);
  return found;
}
