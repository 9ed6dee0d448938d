import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { testEnvironment } from "./environment.ts";

describe("two deployments at once", () => {
  it("lets one of them through and blocks the other by name of the process", async () => {
    const { deploy } = testEnvironment();
    const [one, other] = await Promise.allSettled([deploy("1"), deploy("2")]);
    const both = [one, other];
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = both.find((result) => result.status === "rejected");
    expect(refused?.reason).toMatchObject({ kind: "blocked", code: "DEPLOYMENT_LOCKED" });
    expect(refused?.reason.message).toContain(`Process ${process.pid}`);
  });

  it("takes over the lock of a command that is dead", async () => {
    const { deploy, folder } = testEnvironment();
    await folder.create();
    await writeFile(
      folder.lockFile,
      JSON.stringify({ pid: process.pid, start: "another-boot:1", since: "x" }),
    );
    expect((await deploy("1")).failure).toBeUndefined();
    expect(existsSync(folder.lockFile)).toBe(false);
  });
});
