import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { prepareTable } from "../../../src/data/prepare-table.ts";
import { measureProfile } from "../../../src/data/suggest/measure-profile.ts";
import { suggestContract } from "../../../src/data/suggest/suggest-contract.ts";
import { suggestionText } from "../../../src/data/suggest/suggestion-text.ts";
import { requestFor } from "../judgements.ts";

/** The first contract for a file, and its text. */
export async function suggested(file: string) {
  const db = await openDuckDb();
  try {
    const { columns, engine, close } = await prepareTable(requestFor(file), db, []);
    try {
      const profile = await measureProfile(columns, engine("sure"));
      const { contract, comments } = suggestContract(profile);
      return { profile, contract, yaml: suggestionText({ contract, comments }, file) };
    } finally {
      close();
    }
  } finally {
    await db.close();
  }
}
