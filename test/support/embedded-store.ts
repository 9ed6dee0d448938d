import { randomBytes } from "node:crypto";
import { type StoreOptions, type StoreServer, startStore } from "../../src/store/server.ts";

/** The embedded store over `directory`, with the machine's clock and real randomness. */
export async function startEmbeddedStore(
  directory: string,
  log: StoreOptions["log"] = () => undefined,
): Promise<StoreServer> {
  return await startStore({
    directory,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    log,
  });
}
