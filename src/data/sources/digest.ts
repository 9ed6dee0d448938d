import { mapBounded } from "./bounded.ts";
import { newHash, textOf } from "./csv-input.ts";
import type { Located } from "./located.ts";

const digestsAtOnce = 4;

/** The sha256 (hex) of each file; null for objects of an object store, whose ETag names their bytes. */
export async function digestsOf(
  files: readonly Located[],
  signal: AbortSignal | undefined,
): Promise<(string | null)[]> {
  return await mapBounded(files, digestsAtOnce, async ({ uri, absolutePath, etag }) => {
    if (etag !== null) return null;
    const hash = newHash();
    const bytes = textOf({ uri, absolutePath, compression: "none" }, { hash, signal });
    for await (const _ of bytes);
    return hash.digest("hex");
  });
}
