import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * `npm run lockfile`: makes package-lock.json anew and completes it. npm leaves out an optional package that its
 * registry does not have (the binaries of other platforms, on a mirror), and then `npm ci` refuses the lockfile for
 * the missing entry. Such packages are entered by name, version, os and cpu, without a checksum.
 */
interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockedPackage>;
}

const platform =
  /(android|darwin|linux|win32|freebsd|openharmony|wasm32)-?(arm64|x64|arm|ia32|ppc64|riscv64|s390x|loong64)?-?(musl|gnu)?/;

/** What a package of one platform says of itself in its name: `binding-linux-x64-musl`. */
function platformOf(name: string): Pick<LockedPackage, "os" | "cpu" | "libc"> {
  const match = platform.exec(name.split("/").at(-1) ?? "");
  if (match === null) throw new Error(`${name}: no platform in the name of this optional package`);
  const [, os = "", cpu, libc] = match;
  if (os === "wasm32") return { cpu: ["wasm32"] };
  return {
    os: [os],
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(os === "linux" ? { libc: [libc === "musl" ? "musl" : "glibc"] } : {}),
  };
}

execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], {
  stdio: "inherit",
});
const lockfile = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile;
for (const [place, parent] of Object.entries(lockfile.packages)) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const own = `node_modules/${name}`;
    if (lockfile.packages[own] !== undefined || lockfile.packages[`${place}/${own}`] !== undefined) continue;
    const version = range.replace(/^[\^~]/, "");
    const dev = parent.dev === true ? { dev: true } : {};
    lockfile.packages[own] = { version, ...dev, optional: true, ...platformOf(name) };
    process.stdout.write(`entered ${name} ${version}\n`);
  }
}
// The root's entry has the empty name and so comes first, where npm has it.
lockfile.packages = Object.fromEntries(
  Object.entries(lockfile.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync("package-lock.json", `${JSON.stringify(lockfile, undefined, 2)}\n`);
