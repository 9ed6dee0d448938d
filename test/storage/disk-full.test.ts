import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

/** A small disk needs a mount, which needs a user namespace; not every machine allows that. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

describe("a disk that is full", () => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  beforeAll(async () => {
    server = await startS3Server("moto", directory);
    await server.put("data.parquet", someBytes(12 << 20));
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it.runIf(canMount)("is said before anything is read", () => {
    const folder = temporaryFolder();
    const script = path.join(import.meta.dirname, "fetch-child.ts");
    const command = `mount -t tmpfs -o size=4m none "$1" && exec "$2" "$3" "$4" "$1/cache"`;
    const { stdout, stderr } = spawnSync(
      "unshare",
      ["-rm", "sh", "-c", command, "sh", folder, process.execPath, script, uriOf("data.parquet")],
      { env: { PATH: process.env["PATH"] ?? "", ...server.env }, encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).error).toMatchObject({ code: "DISK_FULL", kind: "not-evaluable", exitCode: 4 });
  });

  it("is said where a file may not grow further while it is written", () => {
    const folder = temporaryFolder();
    const script = path.join(import.meta.dirname, "fetch-child.ts");
    // 4 MiB, in the shell's blocks of 512 bytes: the write itself fails, with EFBIG.
    const command = `ulimit -f 8192 && exec "$1" "$2" "$3" "$4/cache"`;
    const { stdout } = spawnSync(
      "sh",
      ["-c", command, "sh", process.execPath, script, uriOf("data.parquet"), folder],
      { env: { PATH: process.env["PATH"] ?? "", ...server.env }, encoding: "utf8" },
    );
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: "CACHE_NOT_WRITTEN", kind: "not-evaluable", exitCode: 4 });
    expect(error.message).toContain("EFBIG");
  });

  it("is told apart from a folder that cannot be made", async () => {
    const run = fetcher(server.env, { cacheDirectory: "/proc/nowhere/cache" }).fetch(uriOf("data.parquet"));
    await expect(run).rejects.toMatchObject({ kind: "usage", code: "FOLDER_NOT_MADE" });
  });
});
