import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPython } from "../../src/process/python.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), "mlops-python-"));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

async function program(file: string, mode = 0o755): Promise<string> {
  const absolute = path.join(cwd, file);
  await mkdir(path.dirname(absolute), { recursive: true });
  await writeFile(absolute, "#!/bin/sh\n", { mode });
  return absolute;
}

describe("findPython", () => {
  it("asks in the documented order", async () => {
    const expected = [
      await program("named/python"),
      await program("from-env/python"),
      await program("active/bin/python"),
      await program(".venv/bin/python"),
      await program("venv/bin/python"),
      await program("bin/python3"),
      await program("bin/python"),
    ];
    const env: Record<string, string> = {
      MLOPS_PYTHON: "from-env/python",
      VIRTUAL_ENV: path.join(cwd, "active"),
      PATH: path.join(cwd, "bin"),
    };
    const steps: (() => Promise<void>)[] = [
      async () => undefined,
      async () => {
        delete env["MLOPS_PYTHON"];
      },
      async () => {
        delete env["VIRTUAL_ENV"];
      },
      () => rm(path.join(cwd, ".venv"), { recursive: true }),
      () => rm(path.join(cwd, "venv"), { recursive: true }),
      () => rm(path.join(cwd, "bin/python3")),
    ];
    const found = [await findPython({ explicit: "named/python", env, cwd })];
    for (const step of steps) {
      await step();
      found.push(await findPython({ explicit: undefined, env, cwd }));
    }
    expect(found).toEqual(expected);
  });

  it("does not follow the link of a virtual environment", async () => {
    await program("real/python3.11");
    await mkdir(path.join(cwd, ".venv/bin"), { recursive: true });
    await symlink(path.join(cwd, "real/python3.11"), path.join(cwd, ".venv/bin/python"));
    expect(await findPython({ explicit: undefined, env: {}, cwd })).toBe(path.join(cwd, ".venv/bin/python"));
  });

  it("looks a bare name up in PATH", async () => {
    const file = await program("bin/python3.13");
    expect(await findPython({ explicit: "python3.13", env: { PATH: path.join(cwd, "bin") }, cwd })).toBe(
      file,
    );
  });

  it("refuses a named Python that is missing or not executable, instead of taking another", async () => {
    await program(".venv/bin/python");
    await program("plain/python", 0o644);
    await expect(findPython({ explicit: "plain/python", env: {}, cwd })).rejects.toThrow(
      "--python is plain/python, and there is no program that can be run.",
    );
    await expect(findPython({ explicit: undefined, env: { MLOPS_PYTHON: "gone" }, cwd })).rejects.toThrow(
      "MLOPS_PYTHON is gone",
    );
  });

  it("says what was looked at where there is none", async () => {
    const env = { VIRTUAL_ENV: "/no/venv", PATH: path.join(cwd, "bin") };
    await expect(findPython({ explicit: undefined, env, cwd })).rejects.toMatchObject({
      kind: "usage",
      code: "PYTHON_MISSING",
      message: `No Python was found. Looked at /no/venv/bin/python, .venv/bin/python, venv/bin/python, python3, python (in ${cwd} and PATH).`,
    });
  });
});
