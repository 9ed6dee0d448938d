import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "mlops-package-"));
const mlops = path.join(folder, "node_modules", ".bin", "mlops");

describe("the package as users get it", () => {
  beforeAll(() => {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    writeFileSync(path.join(folder, "package.json"), '{ "private": true }');
    execFileSync("npm", ["install", "--omit=dev", "--no-audit", "--no-fund", "--silent", `./${archive}`], {
      cwd: folder,
      // The install script of onnxruntime-node would fetch files for GPUs.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the program, its Python files and its schemas, and no sources or tests", () => {
    const names = readdirSync(path.join(folder, "node_modules", "mlops")).sort();
    expect(names).toEqual(
      ["CHANGELOG.md", "README.md", "bin", "dist", "package.json", "python", "schemas"].filter((name) =>
        names.includes(name),
      ),
    );
    expect(names).toEqual(expect.arrayContaining(["bin", "dist", "python", "schemas", "package.json"]));
  });

  it("installs with production dependencies only, and says its version", () => {
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    expect(execFileSync(mlops, ["--version"], { encoding: "utf8", cwd: folder })).toBe(`${version}\n`);
    expect(readdirSync(path.join(folder, "node_modules"))).not.toContain("vitest");
  });

  it("takes as much room as the README says", () => {
    const readme = readFileSync(path.join(root, "README.md"), "utf8");
    const [, said, optional] =
      /takes (\d+) MB[\s\S]*?onnxruntime-node[^.]*takes (\d+) MB more/.exec(readme) ?? [];
    const modules = path.join(folder, "node_modules");
    const kilobytes = (place: string) =>
      Number(/^\d+/.exec(execFileSync("du", ["-sk", place], { encoding: "utf8" })));
    const runtime = kilobytes(path.join(modules, "onnxruntime-node"));
    expect(runtime / 1024).toBeCloseTo(Number(optional), -1);
    expect(Math.abs((kilobytes(modules) - runtime) / 1024 - Number(said))).toBeLessThan(8);
  });

  it("draws charts with the font that it brings, and passes on the licences of both", () => {
    const rows = Array.from({ length: 40 }, (_, row) => `${row % 2},${(row % 7) / 7}`);
    writeFileSync(path.join(folder, "scores.csv"), ["label,score", ...rows, ""].join("\n"));
    const drawn = spawnSync(mlops, ["evaluate", "--predictions", "scores.csv", "--charts", "charts"], {
      encoding: "utf8",
      cwd: folder,
    });
    expect(drawn.status, drawn.stderr).toBe(0);
    const png = readFileSync(path.join(folder, "charts", "confusion.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const dist = path.join(folder, "node_modules", "mlops", "dist");
    expect(readdirSync(dist)).toEqual(expect.arrayContaining(["DejaVuSans.ttf", "resvg.wasm"]));
    const licences = readFileSync(path.join(dist, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const part of ["Bitstream Vera Fonts Copyright", "(MPL-2.0)", "vega ", "vega-lite "])
      expect(licences).toContain(part);
  });

  it("validates a CSV file", () => {
    writeFileSync(path.join(folder, "people.csv"), "id,age\n1,30\n2,41\n3,\n");
    const good = spawnSync(mlops, ["validate", "--data-path", "people.csv", "--max-null-ratio", "0.5"], {
      encoding: "utf8",
      cwd: folder,
    });
    expect(good.stderr).not.toContain("error");
    expect(good.status).toBe(0);
    const bad = spawnSync(mlops, ["validate", "--data-path", "people.csv"], {
      encoding: "utf8",
      cwd: folder,
    });
    expect(bad.status).toBe(3);
    expect(JSON.parse(readFileSync(path.join(folder, "validation_report.json"), "utf8"))).toMatchObject({
      verdict: "fail",
    });
  });

  it("asks for onnxruntime-node where a model needs it and it was left out", () => {
    rmSync(path.join(folder, "node_modules", "onnxruntime-node"), { recursive: true });
    // A model of version 8 with an empty graph.
    writeFileSync(path.join(folder, "model.onnx"), Uint8Array.of(0x08, 0x08, 0x3a, 0x00));
    writeFileSync(path.join(folder, "test.csv"), "x,label\n1,0\n2,1\n");
    const words = ["evaluate", "--model-path", "model.onnx", "--eval-data-path", "test.csv"];
    const { status, stderr } = spawnSync(mlops, words, { encoding: "utf8", cwd: folder });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/onnxruntime-node is not installed.*Python cannot run it/),
    ]);
  });
});
