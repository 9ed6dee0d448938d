import { parse, textMetrics, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { textWidth } from "./letter-widths.ts";

/** A text as Vega holds it; several lines are a list of them. */
interface VegaText {
  readonly fontSize?: number | string | null;
  readonly fontWeight?: number | string | null;
}

declare module "vega" {
  /** Vega lets others measure texts by setting `width` (its types do not say so). */
  export const textMetrics: { width: (item: VegaText, text: unknown) => number };
}

textMetrics.width = ({ fontSize, fontWeight }, text) =>
  textWidth(String(text ?? ""), { size: Number(fontSize ?? 11), isBold: isBold(fontWeight) });

function isBold(weight: VegaText["fontWeight"]): boolean {
  return weight === "bold" || Number(weight ?? 400) >= 600;
}

/** Draws a Vega-Lite chart as SVG, without a browser. Throws what Vega says of a chart that is wrong. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const warnings: string[] = [];
  const logger = silentLogger(warnings);
  const view = new View(parse(compile(spec, { logger }).spec), { renderer: "none", logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Warnings of the compiler are of no use to the reader of a report. */
function silentLogger(warnings: string[]) {
  const logger = {
    level: () => 0,
    error: (...all: readonly unknown[]) => {
      throw new Error(all.map(String).join(" "));
    },
    warn: (...all: readonly unknown[]) => {
      warnings.push(all.map(String).join(" "));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
