import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoreServer } from "../../src/store/server.ts";
import { startEmbeddedStore } from "../support/embedded-store.ts";
import { dump } from "./dump.ts";
import type { Peer } from "./http.ts";
import { runTable } from "./run-table.ts";

let directory: string;
let store: StoreServer;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "mlops-conformance-"));
  store = await startEmbeddedStore(path.join(directory, "store"));
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true });
});

const peer = (): Peer => ({ kind: "embedded", url: store.url, token: store.token });

runTable("embedded store", peer);

test("closed and opened again, the store tells the same of all that the rows wrote", async () => {
  const before = await dump(peer());
  await store.close();
  store = await startEmbeddedStore(path.join(directory, "store"));
  const after = await dump(peer());
  for (const [kind, things] of Object.entries(before)) {
    expect(things).not.toEqual([]);
    expect(after[kind]).toEqual(things);
  }
});
