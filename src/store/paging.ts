import { invalid } from "./refusal.ts";

export interface PageRequest {
  /** undefined: everything. */
  readonly maxResults: number | undefined;
  readonly pageToken: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/** One page of `all`. The token is the offset in MLflow's own form: base64 of `{"offset": n}`. */
export function pageOf<T>(all: readonly T[], request: PageRequest): Page<T> {
  const offset = readOffset(request.pageToken);
  const end = request.maxResults === undefined ? all.length : offset + request.maxResults;
  return {
    items: all.slice(offset, end),
    nextPageToken: end < all.length ? Buffer.from(`{"offset": ${end}}`).toString("base64") : undefined,
  };
}

/** `max_results` of a search: 1 to `most`, or 400 in MLflow's words. */
export function checkMaxResults(value: number, most: number): number {
  if (value < 1) {
    throw invalid(
      `Invalid value ${value} for parameter 'max_results' supplied. It must be a positive integer`,
    );
  }
  if (value > most) {
    throw invalid(`Invalid value ${value} for parameter 'max_results' supplied. It must be at most ${most}`);
  }
  return value;
}

function readOffset(token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64").toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && "offset" in parsed) {
      const offset = Number(parsed.offset);
      if (Number.isSafeInteger(offset) && offset >= 0) return offset;
    }
  } catch {
    // Refused below, like a token that is JSON but none of ours.
  }
  throw invalid("Invalid page token, decoding failed");
}
