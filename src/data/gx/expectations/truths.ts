/**
 * A figure of truths as 1 and 0, of which `all` are there and `trues` are true; null where there is none to say. The
 * deviation has ddof 1. Minimum and maximum are truths themselves.
 */
export function truthFigure(
  figure: "min" | "max" | "sum" | "mean" | "stdev" | "median",
  all: number,
  trues: number,
): number | boolean | null {
  if (all === 0) return figure === "sum" ? 0 : null;
  switch (figure) {
    case "min":
      return trues === all;
    case "max":
      return trues > 0;
    case "sum":
      return trues;
    case "mean":
      return trues / all;
    case "stdev":
      return all < 2 ? null : Math.sqrt((trues * (all - trues)) / (all * (all - 1)));
    case "median":
      if (trues * 2 === all) return 0.5;
      return trues * 2 > all ? 1 : 0;
  }
}
