import { describe, expect, it } from "vitest";
import { chartFiles } from "../../src/report/chart-files.ts";
import { renderPng } from "../../src/report/render-png.ts";
import { readXml } from "../data/report/xml-tree.ts";
import { binaryCase } from "./binary-case.ts";
import { resultCase } from "./result-case.ts";

const bytes = (content: string | Uint8Array) =>
  typeof content === "string" ? Buffer.from(content) : content;

describe("chartFiles", () => {
  it("gives every chart as SVG, PNG and Vega-Lite", async () => {
    const files = new Map<string, string | Uint8Array>();
    for await (const { name, content } of chartFiles(binaryCase())) files.set(name, content);
    expect([...files.keys()].slice(0, 3)).toEqual(["roc.svg", "roc.png", "roc.vl.json"]);
    expect(files.size).toBe(7 * 3);
    const svg = String(files.get("roc.svg"));
    const root = await readXml(svg);
    expect(root.attributes).toMatchObject({ role: "img", "aria-labelledby": "roc-title roc-note" });
    expect(root.children.map((child) => child.text).slice(0, 2)).toEqual([
      "ROC",
      expect.stringContaining("coin toss"),
    ]);
    expect(JSON.parse(String(files.get("roc.vl.json")))).toMatchObject({
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      title: "ROC",
    });
    const png = Buffer.from(bytes(files.get("roc.png") ?? ""));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // Twice the size of the SVG, for screens of today.
    const width = Number(/width="([\d.]+)"/.exec(svg)?.[1]);
    expect(Math.abs(png.readUInt32BE(16) - 2 * width)).toBeLessThanOrEqual(1);
  });

  it("draws the text in the PNG with the font that comes along", async () => {
    for await (const { name, content } of chartFiles(binaryCase())) {
      if (name !== "confusion.svg") continue;
      const svg = String(content);
      const silent = svg.replaceAll(/>[^<>]*<\/text>/g, "></text>");
      expect(silent).not.toBe(svg);
      const [drawn, blank] = [await renderPng(svg), await renderPng(silent)];
      expect(drawn.length).toBeGreaterThan(blank.length * 1.5);
      // An `A` alone is drawn too: no letter of the font is missing because of its weight.
      const letter = (text: string) =>
        `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30" font-size="20" font-weight="bold">${text}</text></svg>`;
      expect((await renderPng(letter("A"))).length).toBeGreaterThan((await renderPng(letter(" "))).length);
    }
  });

  it("is empty where there is nothing to draw", async () => {
    for await (const file of chartFiles(resultCase())) throw new Error(file.name);
  });
});
