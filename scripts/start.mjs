// `npm run demo`, `npm test`, `npm run bench`: set up what is missing, then hand over to Node 24 from node_modules.
// Runs on Node 20 or newer with nothing installed.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import {
  build,
  environment,
  installPackages,
  installPython,
  installS3Gateway,
  node,
  root,
  SetupError,
} from "./setup.mjs";
import { installBrowser } from "./setup-browser.mjs";

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const targets = {
  demo: {
    python: [["venv-demo", "demo"]],
    command: (args) => [path.join(root, "scripts", "demo.ts"), ...args],
  },
  test: {
    python: [
      ["venv", "test"],
      ["venv-demo", "demo"],
    ],
    command: (args) => [vitest, "run", ...args],
    needsBrowser: true,
  },
  "test:full": {
    python: [
      ["venv", "test"],
      ["venv-demo", "demo"],
      ["venv-gx", "gx"],
      ["venv-tensorflow", "tensorflow"],
    ],
    command: (args) => [vitest, "run", ...args],
    needsBrowser: true,
    env: { MLOPS_TEST_FULL: "true" },
    needsS3Gateway: () => true,
  },
  bench: {
    python: [],
    command: (args) => [path.join(root, "bench", "run.ts"), ...args],
    needsS3Gateway: ([name]) => name === "s3",
  },
};

async function main([name, ...args]) {
  const target = targets[name];
  if (target === undefined)
    throw new SetupError(`What shall be started? One of: ${Object.keys(targets).join(", ")}.`);
  if (Number(process.versions.node.split(".")[0]) < 20)
    throw new SetupError(`Node 20 or newer is needed to start, this is ${process.versions.node}.`);
  process.chdir(root);
  mkdirSync(".cache", { recursive: true });
  await installPackages();
  for (const [venv, requirements] of target.python) await installPython(venv, requirements);
  const hasGateway = target.needsS3Gateway?.(args) !== true || (await installS3Gateway());
  const whyNoBrowser = target.needsBrowser === true ? await installBrowser() : undefined;
  await build();
  if (name.startsWith("test")) sayWhatIsLeftOut(hasGateway, whyNoBrowser);
  return await handOver(target.command(args), target.env);
}

/** Tests that need a Debian package skip themselves without it; this is the sentence that says so. */
function sayWhatIsLeftOut(hasGateway, whyNoBrowser) {
  if (whyNoBrowser !== undefined)
    process.stdout.write(`Left out: the tests in test/browser, because ${whyNoBrowser}.\n`);
  if (!hasGateway)
    process.stdout.write(
      "Left out: the tests in test/storage against versitygw, because building that S3 server needs Go and there is none.\n",
    );
  if (spawnSync("rsync", ["--version"]).status === 0) return;
  process.stdout.write(
    "Left out: the tests in test/e2e/gitlab-pipeline.test.ts, because gitlab-ci-local needs rsync and there is none (Debian: apt-get install rsync).\n",
  );
}

function handOver(args, extra = {}) {
  const child = spawn(node, args, { cwd: root, env: { ...environment(), ...extra }, stdio: "inherit" });
  // A terminal sends Ctrl-C to the child as well; here it only must not end us first.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
