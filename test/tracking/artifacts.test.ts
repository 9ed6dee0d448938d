import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { proxiedPathOf } from "../../src/tracking/artifact-uri.ts";
import { mapBounded } from "../../src/tracking/bounded.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type ScriptedCall, startScriptedServer } from "../support/misbehaving-server.ts";
import { openTestSession } from "../support/tracking-session.ts";

const root = "mlflow-artifacts:/1/r/artifacts";
const list = "GET /api/2.0/mlflow-artifacts/artifacts";
const at = (method: string, name: string) => `${method} ${list.slice(4)}/1/r/artifacts/${name}`;
const files = (...entries: readonly object[]) => ({ on: list, body: { files: entries } });

async function withArtifacts<T>(
  calls: readonly ScriptedCall[],
  work: (
    artifacts: Awaited<ReturnType<typeof openTestSession>>["session"]["client"]["artifacts"],
  ) => Promise<T>,
): Promise<T> {
  await using server = await startScriptedServer(calls);
  await using opened = await openTestSession({ trackingUri: server.url });
  try {
    return await work(opened.session.client.artifacts);
  } finally {
    server.verify();
  }
}

describe("an upload", () => {
  it("is sent with its length, and an empty answer is a good one", async () => {
    const file = path.join(temporaryFolder(), "m.bin");
    writeFileSync(file, "12345");
    await using server = await startScriptedServer([
      { on: at("PUT", "a%20b.bin"), body: "" },
      files({ path: "a b.bin", file_size: 5 }),
    ]);
    await using opened = await openTestSession({ trackingUri: server.url });
    await opened.session.client.artifacts.uploadFile(root, "a b.bin", file);
    server.verify();
    expect(server.seen[0]?.headers["content-length"]).toBe("5");
    expect(server.seen[0]?.headers).not.toHaveProperty("transfer-encoding");
    expect(server.seen[0]?.body).toBe("12345");
  });

  it("of an empty file is not chunked either", async () => {
    const file = path.join(temporaryFolder(), "empty");
    writeFileSync(file, "");
    await using server = await startScriptedServer([{ on: at("PUT", "empty") }, files({ path: "empty" })]);
    await using opened = await openTestSession({ trackingUri: server.url });
    await opened.session.client.artifacts.uploadFile(root, "empty", file);
    server.verify();
    expect(server.seen[0]?.headers["content-length"]).toBe("0");
  });

  it("that the server stored empty is an error", async () => {
    const file = path.join(temporaryFolder(), "m.bin");
    writeFileSync(file, "12345");
    const upload = withArtifacts([{ on: at("PUT", "m.bin") }, files({ path: "m.bin" })], (artifacts) =>
      artifacts.uploadFile(root, "m.bin", file),
    );
    await expect(upload).rejects.toMatchObject({ kind: "unavailable", code: "UPLOAD_INCOMPLETE" });
  });

  it("is begun anew from the file after a failure", async () => {
    const file = path.join(temporaryFolder(), "m.bin");
    writeFileSync(file, "x".repeat(300_000));
    await using server = await startScriptedServer([
      { on: at("PUT", "m.bin"), status: 502 },
      { on: at("PUT", "m.bin"), cut: "before" },
      { on: at("PUT", "m.bin") },
      files({ path: "m.bin", file_size: 300_000 }),
    ]);
    await using opened = await openTestSession({ trackingUri: server.url });
    await opened.session.client.artifacts.uploadFile(root, "m.bin", file);
    server.verify();
    expect(server.seen.slice(0, 3).map(({ body }) => body.length)).toEqual([300_000, 300_000, 300_000]);
  });

  it("to a server without artifacts is refused at once, with the switch to set", async () => {
    const file = path.join(temporaryFolder(), "m.bin");
    writeFileSync(file, "1");
    const body = { detail: "Artifact serving is disabled." };
    const upload = withArtifacts([{ on: at("PUT", "m.bin"), status: 503, body }], (artifacts) =>
      artifacts.uploadFile(root, "m.bin", file),
    );
    await expect(upload).rejects.toMatchObject({ kind: "usage", code: "ARTIFACTS_DISABLED" });
  });

  it("that is refused before it was read names the status", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(413, { connection: "close" }).end(JSON.stringify({ message: "too large" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const file = path.join(temporaryFolder(), "big.bin");
    writeFileSync(file, Buffer.alloc(20 << 20));
    const { port } = server.address() as AddressInfo;
    await using opened = await openTestSession({ trackingUri: `http://127.0.0.1:${port}` });
    const upload = opened.session.client.artifacts.uploadFile(root, "big.bin", file);
    await expect(upload).rejects.toThrow(/413: too large|closed the connection in the middle of PUT/);
  });

  it("of a folder or of nothing is an error with the path", async () => {
    const folder = temporaryFolder();
    for (const name of [".", "none"]) {
      const upload = withArtifacts([], (artifacts) =>
        artifacts.uploadFile(root, "x", path.join(folder, name)),
      );
      await expect(upload).rejects.toMatchObject({ kind: "usage", code: "FILE_UNREADABLE" });
    }
  });
});

describe("a download", () => {
  it.each(["../../etc/passwd", "..", "/etc/passwd", "a\\b", "a\0b", ""])(
    "refuses the name %j of a hostile listing and writes nothing",
    async (name) => {
      const folder = temporaryFolder();
      const download = withArtifacts(
        [files({ path: "model", is_dir: true }), files({ path: name, file_size: 1 })],
        (artifacts) => artifacts.download(root, "model", path.join(folder, "out", "model")),
      );
      await expect(download).rejects.toMatchObject({ code: "LISTING_HOSTILE" });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("that came short is begun anew, and leaves nothing behind where it stays so", async () => {
    const folder = temporaryFolder();
    const entry = files({ path: "m.bin", file_size: 10 });
    await withArtifacts(
      [
        entry,
        { on: at("GET", "m.bin"), body: "0123456789", cut: "within" },
        { on: at("GET", "m.bin"), body: "0123456789" },
      ],
      (artifacts) => artifacts.download(root, "m.bin", path.join(folder, "m.bin")),
    );
    expect(readFileSync(path.join(folder, "m.bin"), "utf8")).toBe("0123456789");
    const short = withArtifacts([entry, { on: at("GET", "m.bin"), body: "01234" }], (artifacts) =>
      artifacts.download(root, "m.bin", path.join(folder, "n.bin")),
    );
    await expect(short).rejects.toMatchObject({ kind: "unavailable", code: "DOWNLOAD_INCOMPLETE" });
    expect(readdirSync(folder)).toEqual(["m.bin"]);
  });

  it("of a folder appears whole or not at all", async () => {
    const folder = temporaryFolder();
    const entries = [
      { path: "a", file_size: 1 },
      { path: "b", file_size: 1 },
    ];
    const download = withArtifacts(
      [
        files({ path: "d", is_dir: true }),
        files(...entries),
        { on: at("GET", "d/a"), body: "1" },
        { on: at("GET", "d/b"), status: 404 },
      ],
      (artifacts) => artifacts.download(root, "d", path.join(folder, "d")),
    ).catch((error: unknown) => error);
    // Both files are asked for at once; which one comes first is not promised.
    expect(await download).toBeInstanceOf(Error);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("to a place that cannot be written to names it", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "file"), "");
    mkdirSync(path.join(folder, "ok"));
    const download = withArtifacts([files({ path: "m", file_size: 1 })], (artifacts) =>
      artifacts.download(root, "m", path.join(folder, "file", "m")),
    );
    await expect(download).rejects.toMatchObject({ kind: "usage", code: "FILE_NOT_WRITTEN" });
  });
});

describe("an artifact root", () => {
  const server = "https://mlflow.example.com/prefix";

  it.each([
    ["mlflow-artifacts:/1/r/artifacts", "1/r/artifacts"],
    ["mlflow-artifacts:///1/r/", "1/r"],
    ["mlflow-artifacts://mlflow.example.com/1", "1"],
    ["mlflow-artifacts:", ""],
  ])("%s is the path %j", (uri, expected) => {
    expect(proxiedPathOf(uri, server)).toBe(expected);
  });

  it.each(["s3://bucket/1", "file:///tmp/1", "/tmp/1", "mlflow-artifacts://other.example.com/1", "dbfs:/1"])(
    "%s is not there yet",
    (uri) => {
      expect(() => proxiedPathOf(uri, server)).toThrow(expect.objectContaining({ code: "NOT_YET" }));
    },
  );

  it("may not climb out of its folder", () => {
    expect(() => proxiedPathOf("mlflow-artifacts:/1/../2", server)).toThrow(/points out of its folder/);
  });
});

describe("bounded transfers", () => {
  it("keep the order and never run more than the limit", async () => {
    let running = 0;
    let most = 0;
    const results = await mapBounded([5, 4, 3, 2, 1], 2, async (item) => {
      running++;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return item * 10;
    });
    expect(results).toEqual([50, 40, 30, 20, 10]);
    expect(most).toBe(2);
  });

  it("begin nothing after a failure, and wait for what is running", async () => {
    const begun: number[] = [];
    let hasEnded = false;
    const work = mapBounded([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error("no");
      await new Promise((resolve) => setImmediate(resolve));
      hasEnded = true;
    });
    await expect(work).rejects.toThrow("no");
    expect(hasEnded).toBe(true);
    expect(begun).toEqual([0, 1]);
  });
});
