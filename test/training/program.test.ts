import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type ProgramRequest, resolveProgram } from "../../src/training/program.ts";
import { temporaryFolder } from "../support/folder.ts";

const bootstrap = path.resolve(import.meta.dirname, "../../python/bootstrap.py");

/** A project with `train.py`, `scripts/train.sh`, a virtual environment and a `python3` in PATH. */
async function project(overrides: Partial<ProgramRequest> = {}): Promise<ProgramRequest> {
  const cwd = temporaryFolder("mlops-program");
  for (const file of [
    "train.py",
    "scripts/train.sh",
    ".venv/bin/python",
    "bin/python3",
    "other/python3.12",
  ]) {
    await mkdir(path.join(cwd, path.dirname(file)), { recursive: true });
    await writeFile(path.join(cwd, file), "", { mode: file.endsWith(".py") ? 0o644 : 0o755 });
  }
  return {
    operands: [],
    script: undefined,
    scriptArgs: [],
    python: undefined,
    framework: "none",
    env: { PATH: path.join(cwd, "bin") },
    cwd,
    ...overrides,
  };
}

describe("resolveProgram", () => {
  it("starts a Python script through the bootstrap with the Python of the project", async () => {
    const request = await project({ operands: ["train.py", "--epochs", "10"] });
    expect(await resolveProgram(request)).toEqual({
      command: path.join(request.cwd, ".venv/bin/python"),
      args: [bootstrap, "--", "train.py", "--epochs", "10"],
      shown: "python train.py --epochs 10",
      source: "train.py",
      scriptFile: path.join(request.cwd, "train.py"),
      isBootstrapped: true,
    });
  });

  it.each([
    [
      ["python3", "train.py", "a"],
      ["BOOT", "--autolog", "sklearn", "--", "train.py", "a"],
    ],
    [
      ["python3", "-u", "-W", "error", "train.py"],
      ["-u", "-W", "error", "BOOT", "--autolog", "sklearn", "--", "train.py"],
    ],
    [
      ["python3", "-X", "dev", "-m", "pkg.train", "-v"],
      ["-X", "dev", "BOOT", "--autolog", "sklearn", "--", "-m", "pkg.train", "-v"],
    ],
    [
      ["python3", "-c", "print(1)"],
      ["-c", "print(1)"],
    ],
    [["python3", "-"], ["-"]],
  ])("puts the bootstrap where the script stands: %j", async (operands, args) => {
    const request = await project({ operands, framework: "sklearn" });
    const program = await resolveProgram(request);
    expect(program.command).toBe(path.join(request.cwd, "bin/python3"));
    expect(program.args).toEqual(args.map((word) => (word === "BOOT" ? bootstrap : word)));
    expect(program.isBootstrapped).toBe(args.includes("BOOT"));
  });

  it("takes the configured Python for a bare `python`, but leaves a path alone", async () => {
    const configured = await project({ operands: ["python", "train.py"], python: "other/python3.12" });
    expect((await resolveProgram(configured)).command).toBe(path.join(configured.cwd, "other/python3.12"));
    const typed = { ...configured, operands: [".venv/bin/python", "train.py"] };
    expect((await resolveProgram(typed)).command).toBe(path.join(configured.cwd, ".venv/bin/python"));
  });

  it("takes the script of the settings as a file, with arguments of both", async () => {
    const request = await project({ script: "train.py", scriptArgs: ["--a", "1"], operands: ["--b", "2"] });
    expect((await resolveProgram(request)).args).toEqual([
      bootstrap,
      "--",
      "train.py",
      "--a",
      "1",
      "--b",
      "2",
    ]);
    const shell = await project({ script: "scripts/train.sh" });
    expect(await resolveProgram(shell)).toMatchObject({
      command: path.join(shell.cwd, "scripts/train.sh"),
      source: "scripts/train.sh",
      isBootstrapped: false,
    });
  });

  it("prefers a whole command to the script of the settings", async () => {
    const request = await project({
      script: "train.py",
      scriptArgs: ["--a"],
      operands: ["scripts/train.sh", "x"],
    });
    expect(await resolveProgram(request)).toMatchObject({ args: ["x"], shown: "scripts/train.sh x" });
  });

  it("shows words with blanks and quotes as a shell would need them", async () => {
    const request = await project({ operands: ["scripts/train.sh", "a b", "it's"] });
    expect((await resolveProgram(request)).shown).toBe(`scripts/train.sh 'a b' 'it'\\''s'`);
  });

  it.each([
    [["gone.py"], /^The training script gone\.py does not exist in .*No run was created\.$/],
    [["python3", "gone.py"], /^The training script gone\.py does not exist/],
    [["no-such-program"], /^The training program no-such-program was not found in PATH/],
    [["scripts/gone.sh"], /^The training program scripts\/gone\.sh does not exist/],
    [[], /^There is nothing to train with/],
  ])("refuses %j before anything is started", async (operands, message) => {
    await expect(resolveProgram(await project({ operands }))).rejects.toMatchObject({
      kind: "usage",
      message: expect.stringMatching(message),
    });
  });

  it("refuses a script that is a folder and one that is not executable", async () => {
    const request = await project();
    await mkdir(path.join(request.cwd, "folder.py"));
    await chmod(path.join(request.cwd, "scripts/train.sh"), 0o644);
    await expect(resolveProgram({ ...request, operands: ["folder.py"] })).rejects.toThrow("is not a file");
    await expect(resolveProgram({ ...request, operands: ["scripts/train.sh"] })).rejects.toThrow(
      "not executable",
    );
  });
});
