import { stat } from "node:fs/promises";
import { MlopsError } from "../../errors.ts";
import { formatOfName, requireFormat } from "./file-format.ts";
import { isSetAside } from "./folder-walk.ts";
import type { Located, LocateOptions, RemoteFile } from "./located.ts";
import { refusal, unreadable } from "./refusals.ts";

export function isRemote(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(uri);
}

/** The objects of a remote address; throws `usage` where nobody can fetch it, `not-evaluable` where nothing is there. */
export async function locateRemote(uri: string, options: LocateOptions): Promise<Located[]> {
  if (options.fetchRemote === undefined || !/^s3:/i.test(uri)) {
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: `${uri}: only local files${options.fetchRemote === undefined ? "" : " and s3:// addresses"} can be read so far.`,
      hint: "Fetch the file in an earlier step and give its path.",
    });
  }
  const fetched = await options.fetchRemote(uri, options.signal);
  const files = fetched.filter((file) => file.uri === uri || isData(file.uri));
  if (files.length === 0)
    throw refusal("DATA_FILE_MISSING", `${uri}: there is no such object.`, "Check the bucket and the key.");
  return await Promise.all(files.map(locatedRemote));
}

/** What a folder would give: markers such as `_SUCCESS` and objects that are no data are left out. */
function isData(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  return !isSetAside(name) && formatOfName(name) !== undefined;
}

async function locatedRemote(file: RemoteFile): Promise<Located> {
  const found = await stat(file.localPath).catch((error: unknown) => {
    throw unreadable(file.uri, error);
  });
  if (found.size === 0)
    throw refusal("DATA_FILE_EMPTY", `${file.uri} is empty (0 bytes).`, "Check the step that writes it.");
  return {
    uri: file.uri,
    absolutePath: file.localPath,
    sizeBytes: found.size,
    modifiedMs: found.mtimeMs,
    etag: file.etag,
    ...requireFormat(file.uri),
  };
}
