import type { StoreServer } from "../../src/store/server.ts";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
}

/** `path` without a leading `/` stands below `/api/2.0/mlflow/`. */
export async function callStore(
  server: Pick<StoreServer, "url" | "token">,
  request: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<Answer> {
  const path = request.path.startsWith("/") ? request.path : `/api/2.0/mlflow/${request.path}`;
  const response = await fetch(`${server.url}${path}`, {
    method: request.method,
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : parseLeniently(text) };
}

function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An artifact's bytes.
    return text;
  }
}
