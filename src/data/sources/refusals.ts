import { MlopsError, messageOf } from "../../errors.ts";

/** An error of kind `not-evaluable`: the data cannot be judged, exit 4. */
export function refusal(code: string, message: string, hint: string, cause?: unknown): MlopsError {
  return new MlopsError({ kind: "not-evaluable", code, message, hint, cause });
}

/** A file that exists but that the system would not let us read to its end. */
export function unreadable(uri: string, error: unknown): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "DATA_FILE_UNREADABLE",
    message: `${uri} cannot be read: ${messageOf(error)}.`,
    hint: "Check the file's permissions and the disk.",
    cause: error,
  });
}

/** Throws where two columns have the same name: no rule could say which one it means. */
export function refuseDuplicates(uri: string, names: readonly string[]): void {
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (twice.length === 0) return;
  const shown = twice.map((name) => JSON.stringify(name)).join(", ");
  throw new MlopsError({
    kind: "not-evaluable",
    code: "DATA_DUPLICATE_COLUMNS",
    message: `${uri} has more than one column called ${shown}.`,
    hint: "Rename one of them where the file is written.",
  });
}

/** Throws one error that says everything that `errors` say, if there are any; what is not ours is thrown as it is. */
export function refuseEach(errors: readonly unknown[]): void {
  const strange = errors.find((error) => !(error instanceof MlopsError));
  if (strange !== undefined) throw strange;
  const refused = errors.filter((error) => error instanceof MlopsError);
  const [first, ...others] = refused;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const { kind, code, hint } = first;
  const message = refused.map((error) => error.message).join("\n");
  throw new MlopsError({ kind, code, message, ...(hint === undefined ? {} : { hint }) });
}
