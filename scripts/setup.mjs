// Set-up for `npm run demo`, `npm test` and `npm run bench`. It runs on the machine's own Node (20 or newer) before anything
// is installed, so: no dependencies, no TypeScript, nothing newer than Node 20. Each step looks first and does only what is missing.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

export const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  "..",
);
const binFolder = path.join(root, "node_modules", ".bin");
/** Node 24 from the npm package `node`; called by its path, since a shell may have looked up another one before. */
export const node = path.join(binFolder, "node");

/** Something that the person at the keyboard has to put right. */
export class SetupError extends Error {}

/** The environment for everything that is started: our Node first in PATH, nothing phones home. */
export function environment() {
  return {
    ...process.env,
    PATH: [binFolder, ...pathWithoutBin()].join(path.delimiter),
    MLFLOW_DISABLE_TELEMETRY: "true",
    DO_NOT_TRACK: "true",
  };
}

function pathWithoutBin() {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "" && folder !== binFolder);
}

function say(text) {
  process.stdout.write(`set-up: ${text}\n`);
}

/** Runs a step; what it prints is shown only if it fails. */
export async function step(title, command, args, env) {
  say(`${title} …`);
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code !== 0)
    throw new SetupError(`${output.trimEnd()}\n\n\`${[command, ...args].join(" ")}\` ended with ${code}.`);
  say(`${title}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** `npm ci`, where node_modules is not what package-lock.json says. */
export async function installPackages() {
  const difference = packageDifference();
  if (difference === undefined) return;
  const folder = path.join(root, "node_modules");
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new SetupError(
      `node_modules is a link to ${realpathSync(folder)}, and ${difference}. Run \`npm ci\` there, or remove the link.`,
    );
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // Without our own Node in PATH: npm is about to replace it.
  // onnxruntime-node's install script would fetch files for GPUs, where npm runs it at all.
  const env = {
    ...process.env,
    PATH: pathWithoutBin().join(path.delimiter),
    ONNXRUNTIME_NODE_INSTALL: "skip",
  };
  await step(`installing npm packages (${difference})`, "npm", args, env);
  const after = packageDifference();
  if (after !== undefined)
    throw new SetupError(
      `npm ci ended well, but ${after}. Does npm's configuration forbid install scripts (ignore-scripts)?`,
    );
}

/** In what node_modules differs from package-lock.json; undefined if in nothing. */
function packageDifference() {
  const installedFile = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return "node_modules is missing or incomplete";
  const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === "" || entry.link) continue;
    const version = installed[name]?.version;
    if (version === undefined && !entry.optional) return `${name} is missing`;
    if (version !== undefined && version !== entry.version)
      return `${name} is ${version}, not ${entry.version}`;
  }
  const ownNode = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (ownNode.status !== 0) return "Node 24 is missing from node_modules";
  return undefined;
}

/** A virtual environment in .cache/<name> with exactly the packages of requirements/<requirements>.txt. */
export async function installPython(name, requirements) {
  const file = path.join(root, "requirements", `${requirements}.txt`);
  const folder = path.join(root, ".cache", name);
  const stamp = path.join(folder, ".requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(file)).digest("hex");
  const python = path.join(folder, "bin", "python");
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, "utf8").trim() === wanted) return;
  if (!hasAllPackages(python, file)) {
    if (spawnSync(python, ["-m", "pip", "--version"]).status !== 0)
      await step(
        `making a Python environment in .cache/${name}`,
        findPython(),
        ["-m", "venv", "--clear", folder],
        process.env,
      );
    // The file is complete (a pip freeze), so nothing is left to resolve.
    const args = [
      "-m",
      "pip",
      "install",
      "--no-deps",
      "--no-input",
      "--disable-pip-version-check",
      "-q",
      "-r",
      file,
    ];
    await step(
      `installing ${packagesOf(file).length} Python packages into .cache/${name} (half a minute or more)`,
      python,
      args,
      process.env,
    );
  }
  writeFileSync(stamp, `${wanted}\n`);
}

function packagesOf(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => /^[A-Za-z0-9]/.test(line));
}

/** True for an environment that somebody filled without leaving our stamp. */
function hasAllPackages(python, file) {
  if (!existsSync(python)) return false;
  const code =
    "from importlib.metadata import version\nimport sys\nfor line in sys.argv[1:]:\n  name, wanted = line.split('==')\n  assert version(name) == wanted, line";
  return spawnSync(python, ["-c", code, ...packagesOf(file)]).status === 0;
}

/** A Python that can make the environment: 3.11, with which the pinned versions were chosen, or one of the next two. */
function findPython() {
  const seen = [];
  for (const name of ["python3.11", "python3.12", "python3.13", "python3", "python"]) {
    const code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
    const { status, stdout, stderr, error } = spawnSync(name, ["-c", code], { encoding: "utf8" });
    if (error !== undefined) continue;
    const version = stdout.trim();
    if (status === 0 && ["3.11", "3.12", "3.13"].includes(version)) return name;
    seen.push(
      `${name}: ${status === 0 ? `Python ${version}` : (stderr.trim().split("\n").at(-1) ?? "does not start")}`,
    );
  }
  throw new SetupError(
    `Python 3.11 with venv is needed (Debian: apt-get install python3 python3-venv). Found: ${seen.join("; ") || "no Python in PATH"}.`,
  );
}

const gatewayModule = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";

/**
 * versitygw, an S3 server over a folder, built by Go into .cache/s3: a second make beside moto, and fast enough to measure against.
 * About a minute and a half once; answers false where there is no Go.
 */
export async function installS3Gateway() {
  const folder = path.join(root, ".cache", "s3");
  const [stamp, program] = [path.join(folder, ".versitygw"), path.join(folder, "versitygw")];
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8").trim() === gatewayModule)
    return true;
  if (spawnSync("go", ["version"]).status !== 0) return false;
  const env = { ...process.env, GOBIN: folder, GOFLAGS: "-buildvcs=false" };
  await step("building versitygw, an S3 server, into .cache/s3", "go", ["install", gatewayModule], env);
  writeFileSync(stamp, `${gatewayModule}\n`);
  return true;
}

/** `npm run build`, where a source is newer than dist/. */
export async function build() {
  const built = statSync(path.join(root, "dist", "main.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = ["tsconfig.json", "scripts/build.ts", "package-lock.json", "src"];
  if (inputs.every((name) => newestChange(path.join(root, name)) < built)) return;
  // Output of sources that are gone must not stay behind.
  rmSync(path.join(root, "dist"), { recursive: true, force: true });
  await step("building src into dist", "npm", ["run", "build"], environment());
}

/** The newest change below a file or folder in ms; a folder's own time tells of deletions. */
function newestChange(place) {
  const facts = statSync(place);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(place).map((name) => newestChange(path.join(place, name))));
}
