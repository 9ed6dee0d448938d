import { MlopsError } from "../errors.ts";

/** The tag by which a create that may have happened is found again. */
export const idempotencyTag = "mlops.idempotency_key";

/** A text as MLflow's filter language wants it. It has no escapes, so a text with both quotes cannot be said. */
export function quoted(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  throw new MlopsError({
    kind: "usage",
    code: "FILTER_TEXT_INVALID",
    message: `${JSON.stringify(text)} has both kinds of quotes; MLflow's filter language cannot hold it.`,
  });
}
