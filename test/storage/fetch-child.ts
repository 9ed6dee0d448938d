import { s3Fetcher } from "../../src/storage/s3-fetcher.ts";

/**
 * A process of its own that fetches: `fetch-child.ts URI CACHE`. Prints what it got, or the error, as one line of JSON; SIGTERM aborts
 * the fetch, as in the program.
 */
const [uri = "", cacheDirectory = ""] = process.argv.slice(2);
const abort = new AbortController();
process.on("SIGTERM", () => abort.abort(new Error("SIGTERM")));
const fetcher = s3Fetcher({ env: process.env, cacheDirectory, signal: abort.signal });
try {
  const files = await fetcher.fetch(uri);
  process.stdout.write(`${JSON.stringify({ files })}\n`);
} catch (error) {
  const { name, code, kind, message } = { name: "", code: "", kind: "", message: "", ...Object(error) };
  const text = error instanceof Error ? error.message : message;
  process.stdout.write(
    `${JSON.stringify({ error: { name, code, kind, message: text, exitCode: Object(error).exitCode } })}\n`,
  );
} finally {
  await fetcher.close();
}
