import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MlopsError } from "../../errors.ts";
import { type CsvInput, newHash, textOf } from "./csv-input.ts";
import { refusal, unreadable } from "./refusals.ts";

/** Encodings that a CSV can be said to have. UTF-8 and UTF-16 with a byte order mark are known without being told. */
export const csvEncodings = ["utf-8", "utf-16le", "utf-16be", "latin-1", "windows-1252"] as const;
export type CsvEncoding = (typeof csvEncodings)[number];

/** The encoding that the first bytes tell; undefined where they tell none. */
export function markedEncoding(head: Buffer): CsvEncoding | undefined {
  const mark = head.subarray(0, 2).toString("hex");
  if (mark === "fffe") return "utf-16le";
  return mark === "feff" ? "utf-16be" : undefined;
}

export interface Utf8Copy {
  readonly absolutePath: string;
  /** Of the file, not of the copy. */
  readonly sha256: string;
}

/**
 * Writes the text of a file as UTF-8 to `target`; memory stays flat. Throws `not-evaluable` for bytes that are none of the
 * encoding: half a pair in UTF-16. In latin-1 and windows-1252 every byte is a letter.
 */
export async function copyAsUtf8(
  input: CsvInput,
  encoding: Exclude<CsvEncoding, "utf-8">,
  { target, signal }: { readonly target: string; readonly signal: AbortSignal | undefined },
): Promise<Utf8Copy> {
  const hash = newHash();
  const decoder =
    encoding === "latin-1" ? undefined : new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  const decoded = async function* () {
    for await (const chunk of textOf(input, { hash, signal }))
      yield decoder === undefined ? chunk.toString("latin1") : decoder.decode(chunk, { stream: true });
    if (decoder !== undefined) yield decoder.decode();
  };
  try {
    await pipeline(Readable.from(decoded(), { objectMode: true }), createWriteStream(target));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MlopsError) throw error;
    if (!(error instanceof TypeError)) throw unreadable(path.basename(target), error);
    throw refusal(
      "DATA_ENCODING",
      `${input.uri} is not valid ${encoding.toUpperCase()}.`,
      "Check the encoding in which the file was written; it may be cut off.",
      error,
    );
  }
  return { absolutePath: target, sha256: hash.digest("hex") };
}
