import type { ChildProcess } from "node:child_process";
import { Writable } from "node:stream";
import { systemCodeOf } from "../errors.ts";

/** Starts to write `input` to the child's file descriptor 3; `stop` gives up what is not written, and resolves when nothing reads `input` any more. */
export function feedChild(
  child: ChildProcess,
  input: AsyncIterable<Uint8Array> | undefined,
): { readonly stop: () => Promise<void> } {
  const pipe = child.stdio[3];
  if (input === undefined || !(pipe instanceof Writable)) return { stop: () => Promise.resolve() };
  // What ends the pipe is met where it is written to.
  pipe.on("error", () => undefined);
  const fed = feed(pipe, input);
  return {
    async stop() {
      pipe.destroy();
      await fed;
    },
  };
}

async function feed(pipe: Writable, input: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of input) if (!(await written(pipe, piece))) return;
  } catch {
    // The producer reports its own failure; the child sees an end that comes too early.
  }
  pipe.end();
}

/** False where the child has closed its end, or we ours. */
function written(pipe: Writable, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    pipe.write(piece, (error) => {
      if (error === null || error === undefined) resolve(true);
      else if (pipe.destroyed || ["EPIPE", "ECONNRESET"].includes(systemCodeOf(error) ?? "")) resolve(false);
      else reject(error);
    });
  });
}
