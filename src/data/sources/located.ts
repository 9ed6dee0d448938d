import type { FileFormat } from "./file-format.ts";

/** A data file that is there, before anything of it was read. */
export interface Located extends FileFormat {
  /** As the user wrote it, or below what the user wrote. */
  readonly uri: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Of an object store; null for local files. */
  readonly etag: string | null;
}

export interface LocateOptions {
  readonly cwd: string;
  /** Brings objects of an object store to local files; without it remote addresses are refused. */
  readonly fetchRemote?: RemoteFetch | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One object of an object store, as a local file that stays as it is while the table is read. */
export interface RemoteFile {
  /** The object's own address, also where a prefix or a pattern was asked for. */
  readonly uri: string;
  readonly localPath: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** Brings all objects that an address, a prefix or a pattern stands for; sorted. Throws its own errors for 403, 404 and the like. */
export type RemoteFetch = (uri: string, signal: AbortSignal | undefined) => Promise<readonly RemoteFile[]>;
