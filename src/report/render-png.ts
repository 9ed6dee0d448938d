import { readFile } from "node:fs/promises";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { packageFile } from "../package-files.ts";

let started: Promise<void> | undefined;

/** Draws an SVG as PNG at twice its size. The font comes along: slim images of CI have none, and text would be missing. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  started ??= readFile(packageFile("dist/resvg.wasm")).then(initWasm);
  await started;
  const font = await readFile(packageFile("dist/DejaVuSans.ttf"));
  const drawing = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { fontBuffers: [font], defaultFontFamily: "DejaVu Sans", loadSystemFonts: false },
  });
  try {
    return drawing.render().asPng();
  } finally {
    drawing.free();
  }
}
