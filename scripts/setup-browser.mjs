// Chromium for the tests that open our HTML pages, from Debian's packages and without root: they are downloaded with a state of apt's
// of our own and unpacked into .cache/browser, which the system does not know of. A hundred megabytes to load, 290 on disk, half a minute.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, SetupError, step } from "./setup.mjs";

const aptPackage = "chromium-headless-shell";
const installed = ["chromium-headless-shell", "chromium", "google-chrome"];

/**
 * Leaves `.cache/browser/chromium`, which starts a browser: one that the machine has, else the one of Debian's package. Answers
 * undefined, or why there is none.
 */
export async function installBrowser() {
  const folder = path.join(root, ".cache", "browser");
  const launcher = path.join(folder, "chromium");
  if (starts(launcher)) return undefined;
  const own = installed.find(starts);
  if (own !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeLauncher(launcher, own);
    return undefined;
  }
  if (spawnSync("apt-get", ["--version"]).status !== 0) return "there is no Chromium in PATH and no apt-get";
  const making = path.join(root, ".cache", `browser-${process.pid}`);
  try {
    await unpack(making);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return `Debian's ${aptPackage} cannot be had:\n${error.message}`;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return starts(launcher) ? undefined : `Debian's ${aptPackage} does not start here`;
}

function starts(program) {
  return spawnSync(program, ["--version", "--no-sandbox"]).status === 0;
}

async function unpack(folder) {
  const archives = path.join(folder, "archives");
  const lists = path.join(folder, "lists");
  for (const one of [archives, lists]) mkdirSync(path.join(one, "partial"), { recursive: true });
  // What dpkg has on the machine counts as there; nothing of it is written.
  const settings = {
    "Dir::Cache": folder,
    "Dir::Cache::archives": archives,
    "Dir::State::lists": lists,
    "Debug::NoLocking": "1",
    // Its root hands downloads to another user, who may not write here.
    "APT::Sandbox::User": "root",
  };
  const apt = (...args) => [
    ...Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]),
    ...args,
  ];
  await step("reading Debian's package lists", "apt-get", apt("-q", "update"), process.env);
  const args = apt("-q", "-y", "--no-install-recommends", "--download-only", "install", aptPackage);
  await step(`downloading ${aptPackage} and what it needs (100 MB)`, "apt-get", args, process.env);
  const files = path.join(folder, "debian");
  const unpacking = 'for archive in "$1"/*.deb; do dpkg-deb -x "$archive" "$2" || exit 1; done';
  await step(
    "unpacking them into .cache/browser",
    "sh",
    ["-c", unpacking, "sh", archives, files],
    process.env,
  );
  rmSync(archives, { recursive: true });
  rmSync(lists, { recursive: true });
  writeLauncher(path.join(folder, "chromium"), '"$here/debian/usr/lib/chromium/chromium-headless-shell"');
}

/** `program`: a word of the shell; `$here` is the folder of the launcher, which is moved after it was written. */
function writeLauncher(file, program) {
  const lines = [
    "#!/bin/sh",
    'here=$(dirname "$0")',
    'for libraries in "$here"/debian/usr/lib/*-linux-gnu*; do',
    '  [ -d "$libraries" ] && export LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio"',
    "done",
    `exec ${program} "$@"`,
    "",
  ];
  writeFileSync(file, lines.join("\n"));
  chmodSync(file, 0o755);
}
