import { copyFileSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, type Metafile } from "esbuild";
import { buildKernel } from "./build-kernel.ts";

/**
 * `npm run build`: src, with the packages that it uses, into a few files in dist. Node then opens and compiles some ten files for a
 * command instead of hundreds, which halves the start of every command that talks to a server. Left outside: packages
 * with binaries of their own (those of DuckDB and of ONNX), and apache-arrow, which only `evaluate` of a model needs.
 */
const root = path.resolve(import.meta.dirname, "..");
const dist = path.join(root, "dist");

/** Some of the packages are CommonJS and ask for Node's own modules by `require`. */
const requireOfBundle =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);';

const kernel = await buildKernel(root);
rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    main: "src/main.ts",
    context: "src/context.ts",
    "relay-main": "src/deploy/relay-main.ts",
    "measure-worker": "src/evaluation/measure-worker.ts",
    "binary-worker": "src/metrics/binary/binary-worker.ts",
    "helper-worker": "src/evaluation/helper-worker.ts",
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  external: ["@duckdb/node-bindings*", "apache-arrow", "onnxruntime-node"],
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});
for (const name of Object.keys(metafile.outputs)) {
  const file = path.join(root, name);
  const code = withEagerPackages(readFileSync(file, "utf8"));
  writeFileSync(file, /\brequire\b/.test(code) ? `${requireOfBundle}\n${code}` : code);
}

copyFileSync(kernel, path.join(dist, path.basename(kernel)));

/** What charts are drawn with as PNG; see src/report/render-png.ts. */
const drawing = [
  { folder: "node_modules/@resvg/resvg-wasm", file: "index_bg.wasm", as: "resvg.wasm" },
  { folder: "node_modules/dejavu-fonts-ttf", file: "ttf/DejaVuSans.ttf", as: "DejaVuSans.ttf" },
];
for (const { folder, file, as } of drawing) copyFileSync(path.join(root, folder, file), path.join(dist, as));
writeFileSync(
  path.join(dist, "THIRD-PARTY-LICENSES.txt"),
  licensesOf(
    metafile,
    drawing.map(({ folder }) => folder),
  ),
);

/**
 * Packages in CommonJS stand in a function each, which V8 would compile anew at every start: its compile cache keeps what was
 * compiled with the file itself, and of functions that are only those in parentheses (V8's own heuristic for
 * functions that are called at once). The text between the markers is esbuild's, by indentation.
 */
function withEagerPackages(code: string): string {
  return code.replaceAll(
    /( = __commonJS\(\{\n {2}"[^"\n]+")(\([^)\n]*\) \{\n[\s\S]*?\n {2}\})(\n\}\);\n)/g,
    (_, head, body, end) => `${head}: (function${body})${end}`,
  );
}

/** The licence texts of every package that the bundle holds a part of, and of those whose files are `copied`. */
function licensesOf({ inputs }: Metafile, copied: readonly string[]): string {
  const folders = new Set<string>(copied);
  for (const input of Object.keys(inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  // A linked folder of packages shows under two names.
  return [...new Set([...folders].map((folder) => realpathSync(path.resolve(root, folder))))]
    .sort()
    .map(licenseOf)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(absolute: string): string {
  const { name, version, license, repository } = JSON.parse(
    readFileSync(path.join(absolute, "package.json"), "utf8"),
  );
  const file = readdirSync(absolute).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
  const text = file === undefined ? "" : readFileSync(path.join(absolute, file), "utf8");
  if (text === "" && license === undefined) throw new Error(`${name}: no licence to pass on`);
  // A package that brings no text: where its source stands, as the Mozilla Public License asks.
  const source = text === "" ? `${repository?.url ?? repository ?? ""}\n` : text;
  return `${name} ${version} (${license})\n\n${source}`;
}
