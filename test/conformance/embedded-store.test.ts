import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type StoreServer, startStore } from "../../src/store/server.ts";
import type { Peer } from "./http.ts";
import { runTable } from "./run-table.ts";

let directory: string;
let store: StoreServer;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mlops-conformance-"));
  store = await startStore({
    directory: path.join(directory, "store"),
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
  });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true });
});

runTable("embedded store", (): Peer => ({ kind: "embedded", url: store.url, token: store.token }));
