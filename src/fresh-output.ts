import { lstat, rm } from "node:fs/promises";
import path from "node:path";
import { MlopsError } from "./errors.ts";

/**
 * Removes the result of an earlier start: where this one ends without a result, nobody may take the old one for it.
 * Throws `usage` where the result would stand in the place of an input, or of another result (`others`).
 */
export async function removeOldResult(
  output: {
    readonly flag: string;
    readonly file: string;
    readonly others?: readonly (string | undefined)[];
  },
  inputs: readonly (string | undefined)[],
  cwd: string,
): Promise<void> {
  const file = path.resolve(cwd, output.file);
  const holds = (names: readonly (string | undefined)[]) =>
    names.some((name) => name !== undefined && path.resolve(cwd, name) === file);
  const isInput = holds(inputs);
  if (isInput || holds(output.others ?? [])) {
    throw new MlopsError({
      kind: "usage",
      code: "OUTPUT_IS_INPUT",
      message: `${output.flag} is ${output.file}, which is ${isInput ? "an input" : "another result"} at the same time.`,
      hint: "Give the result another name.",
    });
  }
  const notReplaced = (cause?: unknown) =>
    new MlopsError({
      kind: "usage",
      code: "FILE_NOT_WRITTEN",
      message: `${output.flag} ${output.file} cannot be replaced: it is a folder or a device, or may not be written to.`,
      hint: "Give the name of a file.",
      cause,
    });
  const found = await lstat(file).catch(() => undefined);
  // As root in a container, /dev/null could be removed.
  if (found !== undefined && !found.isFile() && !found.isSymbolicLink()) throw notReplaced();
  try {
    await rm(file, { force: true });
  } catch (error) {
    throw notReplaced(error);
  }
}
