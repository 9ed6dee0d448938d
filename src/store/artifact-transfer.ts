import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { systemCodeOf } from "../errors.ts";
import { placeOf, splitArtifactPath, structuralFolder } from "./artifact-paths.ts";
import { invalid, StoreRefusal } from "./refusal.ts";
import type { Store } from "./store.ts";

/** What an unfinished upload may age to before the next start of the store removes it. */
const abandonedAfterMs = 24 * 3600 * 1000;

/** Streams a body to a temporary file and renames it: a cut-off upload leaves nothing. */
export async function putArtifact(store: Store, decoded: string, request: IncomingMessage): Promise<void> {
  const segments = splitArtifactPath(decoded);
  if (segments.length === 0 || decoded.endsWith("/")) throw invalid("Invalid path");
  const { incoming } = store.layout;
  const { file } = placeOf(store.layout, segments);
  await mkdir(incoming, { recursive: true });
  const temporary = path.join(incoming, store.randomHex(12));
  try {
    await pipeline(request, createWriteStream(temporary, { flags: "wx", flush: true }));
    checkWhole(request, (await stat(temporary)).size);
    await mkdir(path.dirname(file), { recursive: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explain(error, decoded);
  }
}

/** A connection that broke leaves a shorter body than its header promised. */
function checkWhole(request: IncomingMessage, sizeBytes: number): void {
  const promised = request.headers["content-length"];
  if (!request.complete || (promised !== undefined && Number(promised) !== sizeBytes)) {
    throw invalid(`The upload ended after ${sizeBytes} bytes of ${promised ?? "an unknown number"}`);
  }
}

/** Sends a file with its length; one `Range` is honoured. */
export async function getArtifact(
  store: Store,
  decoded: string,
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { file } = placeOf(store.layout, splitArtifactPath(decoded));
  const found = await statOf(file);
  if (found === undefined) {
    throw new StoreRefusal("RESOURCE_DOES_NOT_EXIST", `No such artifact: '${decoded}'`);
  }
  if (!found.isFile()) throw invalid(`'${decoded}' is a directory, not a file`);
  const { request, response } = exchange;
  response.setHeader("Content-Type", "application/octet-stream");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("Last-Modified", found.mtime.toUTCString());
  response.setHeader("ETag", `"${found.size.toString(16)}-${found.mtimeMs.toString(16)}"`);
  const range = readRange(request.headers.range, found.size);
  if (range === "outside") {
    response.setHeader("Content-Range", `bytes */${found.size}`);
    response.writeHead(416).end();
    return;
  }
  if (range !== undefined) {
    response.setHeader("Content-Range", `bytes ${range.start}-${range.end}/${found.size}`);
  }
  const length = range === undefined ? found.size : range.end - range.start + 1;
  response.setHeader("Content-Length", length);
  response.writeHead(range === undefined ? 200 : 206);
  if (request.method === "HEAD" || length === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(file, range ?? {}), response);
}

/** Removes a file or a folder; nothing there is fine. Journals are out of its reach. */
export async function deleteArtifact(store: Store, decoded: string): Promise<void> {
  const segments = splitArtifactPath(decoded);
  if (segments.length === 0) throw invalid("Invalid path");
  const above = structuralFolder(store.layout, segments);
  await rm(placeOf(store.layout, segments).file, { recursive: true, force: true });
  if (above === undefined) return;
  for (const owner of await ownersBelow(above, segments)) {
    await rm(path.join(owner, "artifacts"), { recursive: true, force: true });
  }
}

/** Removes what uploads of killed processes left behind. */
export async function removeAbandonedUploads(store: Store): Promise<void> {
  for (const name of await namesIn(store.layout.incoming)) {
    const file = path.join(store.layout.incoming, name);
    const found = await statOf(file);
    if (found !== undefined && store.nowMs() - found.mtimeMs > abandonedAfterMs)
      await rm(file, { force: true });
  }
}

async function ownersBelow(folder: string, segments: readonly string[]): Promise<string[]> {
  const isOwner = segments.length === (segments[1] === "models" ? 3 : 2);
  if (isOwner) return [folder];
  const owners: string[] = [];
  for (const name of await namesIn(folder)) {
    owners.push(...(await ownersBelow(path.join(folder, name), [...segments, name])));
  }
  return owners;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return [];
    throw error;
  }
}

async function statOf(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** A first byte, a last byte, or both, as RFC 9110 14.2 has it; several ranges are answered with everything. */
function readRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | "outside" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const count = Math.min(Number(match[2]), size);
    return count === 0 ? "outside" : { start: size - count, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = Math.min(match[2] === "" ? size - 1 : Number(match[2]), size - 1);
  if (start >= size) return "outside";
  return start > end ? undefined : { start, end };
}

/** What the file system refuses for good must not look like a passing fault of the server. */
function explain(error: unknown, decoded: string): unknown {
  switch (systemCodeOf(error)) {
    case "EISDIR":
    case "ENOTEMPTY":
      return invalid(`Cannot store '${decoded}': a directory of that name is there`);
    case "ENOTDIR":
    case "EEXIST":
      return invalid(`Cannot store '${decoded}': one of its parent names is a file`);
    case "ENAMETOOLONG":
      return invalid("Invalid path: it is too long for the file system");
    default:
      return error;
  }
}
