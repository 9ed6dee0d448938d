import { mapBounded } from "./bounded.ts";
import { newHash, textOf } from "./csv-input.ts";
import type { Located } from "./located.ts";
import type { SourceOptions } from "./table-source.ts";

const digestsAtOnce = 4;

/** The sha256 (hex) of each file; null for objects of an object store, whose ETag names their bytes. */
export async function digestsOf(
  files: readonly Located[],
  { signal, digest }: Pick<SourceOptions, "signal" | "digest">,
): Promise<(string | null)[]> {
  return await mapBounded(files, digestsAtOnce, async (file) => {
    if (file.etag !== null) return null;
    // What goes wrong there is found out here once more, and said as it is said here.
    const elsewhere = await digest?.(file)?.catch(() => undefined);
    return elsewhere ?? (await fileDigest(file.absolutePath, { uri: file.uri, signal }));
  });
}

/** The sha256 (hex) of a file. Throws `not-evaluable` where it cannot be read. */
export async function fileDigest(
  absolutePath: string,
  { uri = absolutePath, signal }: { readonly uri?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const hash = newHash();
  const bytes = textOf({ uri, absolutePath, compression: "none" }, { hash, signal });
  for await (const _ of bytes);
  return hash.digest("hex");
}
