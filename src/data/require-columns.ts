import { MlopsError } from "../errors.ts";
import type { PlanColumn } from "./plan/column.ts";

const mostShown = 10;

/** Throws `usage` where `names`, which a flag gives, are not all columns of the table. */
export function requireColumns(flag: string, names: readonly string[], columns: readonly PlanColumn[]): void {
  const known = columns.filter((column) => column.path === undefined).map((column) => column.name);
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  const shown = known.slice(0, mostShown).map((name) => JSON.stringify(name));
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: `${flag} ${missing.join(", ")} is no column of the table.`,
    hint: `Its columns are ${shown.join(", ")}${known.length > shown.length ? ", …" : ""}.`,
  });
}
