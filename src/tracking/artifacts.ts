import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { MlopsError, messageOf } from "../errors.ts";
import { answerError, expectJson, type HttpAnswer } from "../http/answer.ts";
import type { HttpClient } from "../http/client.ts";
import { checkListedName, encodePath, joinPath, proxiedPathOf } from "./artifact-uri.ts";
import { downloadFile, downloadFolder } from "./downloads.ts";
import type { ArtifactClient, ArtifactEntry } from "./types.ts";
import { artifactListing } from "./wire.ts";

const deepestFolder = 40;
const mostFiles = 100_000;

export interface ArtifactSettings {
  readonly http: HttpClient;
  readonly trackingUrl: string;
  randomHex(byteCount: number): string;
}

/** The artifacts behind `/api/2.0/mlflow-artifacts`, which serves every `mlflow-artifacts:/…` root. */
export function openArtifacts(settings: ArtifactSettings): ArtifactClient {
  const rootOf = (uri: string) => proxiedPathOf(uri, settings.trackingUrl);
  return {
    async listFiles(artifactUri, path = "") {
      return await listBelow(settings, { folder: joinPath(rootOf(artifactUri), path), path, depth: 0 });
    },
    async find(artifactUri, path) {
      return await findEntry(settings, rootOf(artifactUri), path);
    },
    async uploadFile(artifactUri, path, localFile) {
      await upload(settings, joinPath(rootOf(artifactUri), path), localFile);
    },
    async download(artifactUri, path, localPath) {
      await download(settings, { artifactUri, root: rootOf(artifactUri), path, localPath });
    },
  };
}

async function listBelow(
  settings: ArtifactSettings,
  place: { readonly folder: string; readonly path: string; readonly depth: number },
): Promise<readonly ArtifactEntry[]> {
  if (place.depth > deepestFolder) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "LISTING_TOO_DEEP",
      message: `The artifacts at ${place.folder} are nested more than ${deepestFolder} folders deep.`,
    });
  }
  const files: ArtifactEntry[] = [];
  for (const entry of await listFolder(settings, place.folder)) {
    const path = joinPath(place.path, entry.path);
    if (entry.isDirectory) {
      const folder = joinPath(place.folder, entry.path);
      files.push(...(await listBelow(settings, { folder, path, depth: place.depth + 1 })));
    } else files.push({ ...entry, path });
    if (files.length > mostFiles) {
      throw new MlopsError({
        kind: "not-evaluable",
        code: "LISTING_TOO_LONG",
        message: `There are more than ${mostFiles} artifacts at ${place.folder}.`,
      });
    }
  }
  return files;
}

/** One folder; the entries' paths are plain names. */
async function listFolder({ http }: ArtifactSettings, folder: string): Promise<ArtifactEntry[]> {
  const answer = await http.send({
    method: "GET",
    path: "/api/2.0/mlflow-artifacts/artifacts",
    query: { path: folder },
    retry: "idempotent",
  });
  throwIfDisabled(answer);
  const listing = expectJson(answer, artifactListing, http.server);
  return (listing.files ?? []).map((file) => ({
    path: checkListedName(file.path, folder),
    isDirectory: file.is_dir === true,
    sizeBytes: file.file_size ?? 0,
  }));
}

/** A GET is no test of existence (S3-backed servers answer 500 or 200), so the folder above is listed. */
async function findEntry(
  settings: ArtifactSettings,
  root: string,
  path: string,
): Promise<ArtifactEntry | undefined> {
  const parts = path.split("/").filter((part) => part !== "");
  const name = parts.at(-1);
  if (name === undefined) return { path: "", isDirectory: true, sizeBytes: 0 };
  const folder = joinPath(root, parts.slice(0, -1).join("/"));
  const entry = (await listFolder(settings, folder)).find((one) => one.path === name);
  return entry === undefined ? undefined : { ...entry, path: parts.join("/") };
}

async function upload(settings: ArtifactSettings, target: string, localFile: string): Promise<void> {
  const sizeBytes = await sizeOfLocal(localFile);
  const { http } = settings;
  const answer = await http.send({
    method: "PUT",
    path: `/api/2.0/mlflow-artifacts/artifacts/${encodePath(target)}`,
    upload: {
      sizeBytes,
      contentType: "application/octet-stream",
      // A file that grows meanwhile is cut where it ended, as Content-Length promised.
      open: () => createReadStream(localFile, { end: sizeBytes - 1 }),
    },
    retry: "idempotent",
  });
  throwIfDisabled(answer);
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, http.server);
  const stored = await findEntry(settings, "", target);
  if (stored !== undefined && !stored.isDirectory && stored.sizeBytes === sizeBytes) return;
  const found = stored === undefined ? "nothing" : `${stored.sizeBytes} bytes`;
  throw new MlopsError({
    kind: "unavailable",
    code: "UPLOAD_INCOMPLETE",
    message: `${localFile} (${sizeBytes} bytes) was uploaded to ${target}, but the server lists ${found} there.`,
    hint: "A proxy in front of the server may cut request bodies; the job can be started again.",
  });
}

async function sizeOfLocal(localFile: string): Promise<number> {
  try {
    const found = await stat(localFile);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw unreadable(localFile, messageOf(error), error);
  }
  throw unreadable(localFile, "it is not a file", undefined);
}

function unreadable(localFile: string, reason: string, cause: unknown): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "FILE_UNREADABLE",
    message: `${localFile} cannot be uploaded: ${reason}.`,
    cause,
  });
}

async function download(
  settings: ArtifactSettings,
  request: {
    readonly artifactUri: string;
    readonly root: string;
    readonly path: string;
    readonly localPath: string;
  },
): Promise<void> {
  const { root, path, localPath } = request;
  const entry = await findEntry(settings, root, path);
  const transfer = { http: settings.http, randomHex: settings.randomHex };
  if (entry !== undefined && !entry.isDirectory) {
    await downloadFile(transfer, { remotePath: joinPath(root, path), sizeBytes: entry.sizeBytes }, localPath);
    return;
  }
  const folder = joinPath(root, path);
  const files = entry === undefined ? [] : await listBelow(settings, { folder, path: "", depth: 0 });
  if (files.length === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "ARTIFACT_NOT_FOUND",
      message: `There is nothing at ${request.artifactUri}${path === "" ? "" : `/${path}`}.`,
      hint: "Check the path; `mlflow artifacts list --run-id …` shows what a run holds.",
    });
  }
  const sources = files.map((file) => ({
    remotePath: joinPath(folder, file.path),
    sizeBytes: file.sizeBytes,
    name: file.path,
  }));
  await downloadFolder(transfer, sources, localPath);
}

function throwIfDisabled(answer: HttpAnswer): void {
  if (answer.status !== 503 || !/disabled/i.test(answer.text)) return;
  throw new MlopsError({
    kind: "usage",
    code: "ARTIFACTS_DISABLED",
    message: `The tracking server does not serve artifacts (${answer.method} ${answer.url}: 503, disabled).`,
    hint: "Start it with `mlflow server --serve-artifacts`.",
  });
}
