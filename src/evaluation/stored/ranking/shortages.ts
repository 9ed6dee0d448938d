import { MlopsError } from "../../../errors.ts";

export function tooManyRows(uri: string, mostRows: number): MlopsError {
  return shortage(
    `${uri} does not fit into memory, and one of its queries has more than the ${mostRows} rows that are ranked at once from disk.`,
    "Give the job more memory (--memory-limit), or check that --query names the right column.",
  );
}

export function tooManySums(uri: string, sums: number): MlopsError {
  return shortage(
    `${uri} does not fit into memory, and ${sums} figures of subgroups are more than are added up at once.`,
    "Give the job more memory (--memory-limit), or measure some of the subgroups at a time.",
  );
}

function shortage(message: string, hint: string): MlopsError {
  return new MlopsError({ kind: "not-evaluable", code: "MEMORY_TOO_SMALL", message, hint });
}
