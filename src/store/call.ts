import type { Fields } from "./fields.ts";
import type { Store } from "./store.ts";
import type { View } from "./views.ts";

/** One request of the JSON API. */
export interface Call {
  readonly store: Store;
  /** The JSON body, or the query string of a GET. */
  readonly fields: Fields;
  /** What stood in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Behind `/api/2.0`, or `/api/3.0` where `version` says so. */
  readonly path: string;
  readonly version?: "3.0";
  readonly handle: (call: Call) => View | Promise<View>;
}
