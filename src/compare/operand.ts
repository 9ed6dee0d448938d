import { MlopsError } from "../errors.ts";

/** What a command-line argument of `compare` means. */
export type Operand =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "run"; readonly uri: string; readonly runId: string }
  | {
      readonly kind: "version";
      readonly uri: string;
      readonly name: string;
      readonly choice: { readonly version: string } | { readonly alias: string };
    };

/**
 * `runs:/ID` (or 32 hex digits), `models:/NAME/VERSION`, `models:/NAME@ALIAS`; anything else is a file or a folder. Throws `usage`
 * for an address that is incomplete.
 */
export function operandOf(text: string): Operand {
  if (text.trim() === "")
    throw new MlopsError({
      kind: "usage",
      code: "COMPARE_ADDRESS",
      message: "One of the things to compare is an empty text.",
      hint: "Is a variable of the job not set? Write a file, runs:/RUN_ID, models:/NAME/VERSION or models:/NAME@ALIAS.",
    });
  const run = /^runs:\/+([^/]+)\/*$/.exec(text)?.[1] ?? /^[0-9a-f]{32}$/.exec(text)?.[0];
  if (run !== undefined) return { kind: "run", uri: text, runId: run };
  const [, name, mark, choice] = /^models:\/+([^/@]+)([/@])([^/@]+)$/.exec(text) ?? [];
  if (name !== undefined && choice !== undefined && mark === "/" && !/^[0-9]+$/.test(choice))
    throw new MlopsError({
      kind: "usage",
      code: "COMPARE_ADDRESS",
      message: `${JSON.stringify(text)}: the version is ${JSON.stringify(choice)}, expected a whole number.`,
      hint: `An alias stands behind an @: models:/${name}@${choice}`,
    });
  if (name !== undefined && choice !== undefined)
    return {
      kind: "version",
      uri: text,
      name,
      choice: mark === "@" ? { alias: choice } : { version: choice },
    };
  if (!/^(runs|models):/.test(text)) return { kind: "file", path: text };
  throw new MlopsError({
    kind: "usage",
    code: "COMPARE_ADDRESS",
    message: `${JSON.stringify(text)} is no address of a run or of a version.`,
    hint: "Write runs:/RUN_ID, models:/NAME/VERSION or models:/NAME@ALIAS.",
  });
}
