import type { CommandResult } from "../../command.ts";
import type { Context } from "../../context.ts";
import { prepareTable } from "../../data/prepare-table.ts";
import type { ValidateRequest } from "../../data/request.ts";
import { confirmRead, failureOf } from "../../data/sources/source.ts";
import { measureProfile } from "../../data/suggest/measure-profile.ts";
import { suggestContract } from "../../data/suggest/suggest-contract.ts";
import { suggestionText } from "../../data/suggest/suggestion-text.ts";
import { exitCodes } from "../../errors.ts";
import { writeContract } from "./exchange.ts";
import type { ValidateOptions } from "./flags.ts";

/** `--init`: a first contract, drawn from the data, that the data passes. */
export async function initCommand(
  request: ValidateRequest,
  options: ValidateOptions,
  context: Context,
): Promise<CommandResult> {
  const { contract, comments } = await suggested(request);
  const yaml = suggestionText({ contract, comments }, request.paths.join(", "));
  const target = await writeContract(yaml, options, context);
  return { exitCode: exitCodes.positive, json: { contract, contractPath: target.path }, text: target.text };
}

async function suggested(request: ValidateRequest) {
  const db = await request.openDatabase();
  try {
    const { source, columns, engine, close } = await prepareTable(request, db, []);
    try {
      // What is only drawn from a parallel reading of a CSV that cannot be read so would be wrong.
      const isSure = source.optimistic === undefined || !(await source.optimistic.holds);
      const profile = await measureProfile(columns, engine(isSure ? "sure" : "optimistic"));
      await confirmRead(source, profile.rows);
      return suggestContract(profile);
    } catch (error) {
      request.signal.throwIfAborted();
      throw await failureOf(source, error);
    } finally {
      close();
    }
  } finally {
    await db.close();
  }
}
