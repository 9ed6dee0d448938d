import { z } from "zod";
import { MlopsError } from "../../src/errors.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { testClient } from "../support/http-client.ts";
import { type ScriptedCall, startScriptedServer } from "../support/misbehaving-server.ts";

export const schema = z.object({ value: z.number() });
export const get: HttpRequest = { method: "GET", path: "/x", retry: "idempotent" };
export const create: HttpRequest = { method: "POST", path: "/x", json: { a: 1 }, retry: "unsent" };
export const on = "GET /x";

/** The MlopsError that a call ends in; throws where it ends in anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<MlopsError> {
  const error = await promise.then(
    (value) => new Error(`it did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof MlopsError) return error;
  throw error;
}

/** Asks for JSON once and gives the error; the server's script must have been used up exactly. */
export async function askJson(calls: readonly ScriptedCall[], request = get): Promise<MlopsError> {
  await using server = await startScriptedServer(calls);
  await using opened = await testClient(server.url);
  const error = await failureOf(opened.client.json(request, schema));
  server.verify();
  return error;
}
