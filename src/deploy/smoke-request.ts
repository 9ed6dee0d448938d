import { readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf } from "../errors.ts";
import type { SmokeTest } from "./probe.ts";

export interface SmokeSettings {
  /** JSON itself, or the name of a file with JSON. */
  readonly request: string | undefined;
  /** Where `request` came from, for messages. */
  readonly where: string;
  readonly path: string;
  readonly expect: readonly string[];
  readonly timeoutMs: number;
  /** A file name is relative to this folder. */
  readonly directory: string;
}

/** The smoke test, or undefined where none is set. Throws `usage` for a file or a text that is not JSON. */
export async function readSmokeTest(settings: SmokeSettings): Promise<SmokeTest | undefined> {
  const { request, where, expect } = settings;
  if (request === undefined) {
    if (expect.length === 0) return undefined;
    throw new MlopsError({
      kind: "usage",
      code: "SMOKE_REQUEST_MISSING",
      message: `--smoke-expect ${expect.join(" ")} says what the answer must have, but there is no --smoke-request to send.`,
      hint: `Give the request as JSON or as a file: --smoke-request '{"age": 54}'`,
    });
  }
  const isInline = /^\s*[[{"]/.test(request);
  const body = isInline ? request : await readRequestFile(request, settings);
  try {
    JSON.parse(body);
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "SMOKE_REQUEST_INVALID",
      message: `The smoke request (${isInline ? where : request}) is not JSON: ${messageOf(error)}.`,
      hint: "It is sent as it stands, as the body of a POST to --smoke-path.",
    });
  }
  return { path: settings.path, body, expect, timeoutMs: settings.timeoutMs };
}

async function readRequestFile(file: string, { where, directory }: SmokeSettings): Promise<string> {
  try {
    return await readFile(path.resolve(directory, file), "utf8");
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "SMOKE_REQUEST_UNREADABLE",
      message: `The smoke request ${file} (${where}) cannot be read: ${messageOf(error)}.`,
      hint: `Give a JSON file, or the JSON itself: --smoke-request '{"age": 54}'`,
      cause: error,
    });
  }
}
