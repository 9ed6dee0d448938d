import type { Readable } from "node:stream";
import { networkError, silenceLimitMs } from "./network-error.ts";
import { type ByteSink, copyInto } from "./part-sink.ts";

export interface StreamTarget {
  readonly sink: ByteSink;
  readonly signal: AbortSignal;
}

/**
 * Fills `sink` from an answer's body. Throws with a code where the body ends early (S3_CUT), is longer (S3_TOO_LONG), or stays
 * silent for 30 s (S3_SILENT); `sink` holds what came until then.
 */
export async function readStream(body: Readable, { sink, signal }: StreamTarget): Promise<void> {
  const onAbort = () => body.destroy(networkError("S3_ABORTED", "aborted"));
  const onSilence = () => body.destroy(networkError("S3_SILENT", "no bytes within the limit"));
  const silence = setTimeout(onSilence, silenceLimitMs);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    body.on("data", (chunk: Buffer) => {
      silence.refresh();
      if (chunk.length > sink.left) {
        body.destroy(networkError("S3_TOO_LONG", "the answer is longer than what was asked for"));
        return;
      }
      try {
        copyInto(sink, chunk);
      } catch (error) {
        reject(error);
        body.destroy();
      }
    });
    // Destroyed bodies may say more than once that they are.
    body.on("error", () => undefined);
    body.once("end", resolve).once("error", reject);
    body.once("close", () => reject(networkError("S3_CUT", "the connection was closed within an answer")));
    await promise;
    if (sink.left > 0) throw networkError("S3_CUT", "the answer ended before its length");
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", onAbort);
    body.destroy();
  }
}
