import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { type PythonResult, runPython } from "../support/python.ts";

const bootstrap = path.resolve(import.meta.dirname, "../../python/bootstrap.py");

async function start(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly pythonOptions?: readonly string[];
  } = {},
): Promise<PythonResult & { readonly cwd: string }> {
  const cwd = temporaryFolder("mlops-python");
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(cwd, file)), { recursive: true });
    await writeFile(path.join(cwd, file), text);
  }
  const result = await runPython({
    args: [...(options.pythonOptions ?? []), bootstrap, ...args],
    cwd,
    env: options.env ?? {},
  });
  return { ...result, cwd };
}

describe("bootstrap.py", () => {
  it("is a program that Python 3.9 can read", async () => {
    const check = `import ast; ast.parse(open(${JSON.stringify(bootstrap)}).read(), feature_version=(3, 9))`;
    expect(await runPython({ args: ["-c", check], cwd: temporaryFolder() })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
  });

  it("gives a script its arguments, its folder and its name, and does not import mlflow", async () => {
    const { cwd, stdout, stderr } = await start(
      {
        "src/train.py":
          "import sys, beside\nprint(__name__, sys.argv[1:], beside.word, 'mlflow' in sys.modules, __file__)",
        "src/beside.py": "word = 'found'",
      },
      ["--", "src/train.py", "--autolog", "x y"],
    );
    expect(stderr).toBe("");
    expect(stdout).toBe(`__main__ ['--autolog', 'x y'] found False ${cwd}/src/train.py`);
  });

  it("runs a module as python -m does", async () => {
    const { stdout, stderr } = await start(
      { "pkg/__init__.py": "", "pkg/train.py": "import sys\nprint(__name__, sys.argv[1:], __package__)" },
      ["--", "-m", "pkg.train", "-v"],
    );
    expect(stderr).toBe("");
    expect(stdout).toBe("__main__ ['-v'] pkg");
  });

  it.each([
    ["sys.exit(0)", 0],
    ["sys.exit(7)", 7],
    ["sys.exit('bad')", 1],
    ["raise SystemExit", 0],
  ])("passes %s on", async (statement, exitCode) => {
    expect(await start({ "a.py": `import sys\n${statement}` }, ["--", "a.py"])).toMatchObject({ exitCode });
  });

  it("shows tracebacks as if it were not there", async () => {
    const script = "def fit():\n    raise ValueError('no')\n\nfit()\n";
    const { cwd, stderr, exitCode } = await start({ "a.py": script }, ["--", "a.py"]);
    const plain = await runPython({ args: ["a.py"], cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(plain.stderr);
    expect(stderr).not.toMatch(/bootstrap|runpy/);
    const broken = await start({ "a.py": "x = = 1\n" }, ["--", "a.py"]);
    expect(broken.stderr).toContain("SyntaxError");
    expect(broken.stderr).not.toMatch(/bootstrap|runpy/);
  });

  it("says in one line why autologging is off, and trains all the same", async () => {
    const script = { "a.py": "print('trained')" };
    const without = await start(script, ["--autolog", "auto", "--", "a.py"], { pythonOptions: ["-S"] });
    expect(without.stdout).toBe("trained");
    expect(without.stderr).toMatch(
      /^mlops: autologging of auto is off: No module named 'mlflow' \(.*python.*\)\. .*$/,
    );
    const unknown = await start(script, ["--autolog", "tensorflow", "--", "a.py"]);
    expect(unknown).toMatchObject({ stdout: "trained", exitCode: 0 });
    expect(unknown.stderr).toMatch(/mlops: autologging of tensorflow is off: No module named 'tensorflow'/);
  });

  it("keeps the script on the server and in the experiment of its run, and says so", async () => {
    const script = `
import importlib.util
assert importlib.util.find_spec("mlflow")  # as libraries do that look for mlflow without importing it
import mlflow
mlflow.set_tracking_uri("http://elsewhere.invalid")
print(mlflow.get_tracking_uri())
try:
    mlflow.set_experiment("other")
except Exception as error:
    print(type(error).__name__)
`;
    const { stdout, stderr } = await start({ "a.py": script }, ["--", "a.py"], {
      env: {
        MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
        MLFLOW_EXPERIMENT_ID: "7",
        MLFLOW_EXPERIMENT_NAME: "mortality",
      },
    });
    expect(stdout).toContain("http://127.0.0.1:9");
    expect(stderr).toContain("mlops: set_tracking_uri() of the script is ignored");
    expect(stderr).toContain(
      "mlops: set_experiment('other') of the script is ignored: the run belongs to 'mortality'.",
    );
  });
});
