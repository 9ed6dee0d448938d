import { rename, rm } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf } from "../errors.ts";
import { makeFolder } from "../files.ts";
import type { Engine } from "./plan/engine.ts";
import type { BrokenRule } from "./report-checks.ts";
import type { FailingRowsRequest } from "./request.ts";

/** Where the rows stand until all of them are written. */
export function partialName({ file }: FailingRowsRequest): string {
  return `${file}.partial`;
}

/**
 * Writes all rows that break a rule; readers see the whole file or none. Answers how many there are. Throws `usage` where the
 * file cannot be written.
 */
export async function keepFailingRows(
  broken: readonly BrokenRule[],
  engine: Pick<Engine, "keepRows">,
  wanted: FailingRowsRequest,
): Promise<number> {
  const { file, keyColumns, showsValues } = wanted;
  const partial = partialName(wanted);
  await makeFolder(path.dirname(file));
  await rm(partial, { force: true });
  const rules = broken.map(({ result, failing }) => ({ name: result.name, failing }));
  try {
    const rows = await engine.keepRows({ file: partial, rules, keyColumns, showsValues });
    await rename(partial, file);
    return rows;
  } catch (error) {
    const text = messageOf(error);
    if (!text.includes(partial)) throw error;
    throw new MlopsError({
      kind: "usage",
      code: "FILE_NOT_WRITTEN",
      message: `--failing-rows ${file} cannot be written: ${text}.`,
      hint: "Check that its folder may be written to and has room.",
      cause: error,
    });
  }
}
