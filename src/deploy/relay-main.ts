/**
 * The relay as a process of its own, started by `front.ts`: it outlives the command. Like `context.ts` it is the edge
 * of a process, so it may touch `process.*`.
 */
import { systemCodeOf } from "../errors.ts";
import { createRelay, keepRunning } from "./relay.ts";

const [pointerFile = "", port = "0"] = process.argv.slice(2);
const server = createRelay(pointerFile);

server.on("error", (error) => {
  process.send?.({ error: systemCodeOf(error) ?? error.message });
  process.exitCode = 1;
  process.disconnect?.();
});
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 });
  // Not before: until it listens, a SIGTERM ends it at once.
  process.once("SIGTERM", end);
});
// Ctrl-C in the terminal of a later command must not end what serves.
process.on("SIGINT", () => undefined);

let isKept = false;
process.on("message", (message) => {
  isKept ||= message === keepRunning;
});
process.on("disconnect", () => {
  if (!isKept) end();
});

function end(): void {
  server.close();
  server.closeIdleConnections();
  // Answers that are still on their way get a moment, then the process ends in any case.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
}
