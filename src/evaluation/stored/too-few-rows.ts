import { MlopsError } from "../../errors.ts";

/** Out of memory DuckDB (1.5.6) may end the rows of a query as if there were no more. */
export function tooFewRows(
  uri: string,
  of: {
    readonly found: number;
    readonly rows: number;
    readonly what: "read" | "sorted by query" | "sorted by series";
  },
): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri}: only ${of.found} of ${of.rows} rows could be ${of.what}: there is not enough memory.`,
    hint: "Give the job more memory (--memory-limit), or fewer threads (--threads 1).",
  });
}
