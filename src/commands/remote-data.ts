import type { Context } from "../context.ts";
import type { RemoteFetch } from "../data/sources/located.ts";
import type { S3Fetcher } from "../storage/s3-fetcher.ts";
import type { ShownProgress } from "./progress.ts";

/** Brings `s3://` data here; the S3 client is loaded when the first address asks for it. */
export function remoteFetch(
  context: Context,
  progress: ShownProgress,
): { readonly fetch: RemoteFetch; close(): Promise<void> } {
  let opened: S3Fetcher | undefined;
  return {
    async fetch(uri, signal) {
      const { s3CacheDirectory, s3Fetcher } = await import("../storage/s3-fetcher.ts");
      opened ??= s3Fetcher({
        env: context.env,
        cacheDirectory: s3CacheDirectory(context.env, context.cwd),
        signal: context.signal,
        progress: progress.fetched,
      });
      return await opened.fetch(uri, signal);
    },
    async close() {
      await opened?.close();
    },
  };
}
