import {
  type Chart,
  type ChartSide,
  framed,
  quantitative,
  shownName,
  shownNames,
  sideColor,
} from "./chart.ts";

interface Point {
  readonly side: string;
  readonly horizon: string;
  readonly value: number;
}

/** More points than this stand too close; the table beside has all. */
const mostHorizons = 60;
const preferred = ["mase", "wape", "mae"];

/** Of a forecast: how the error grows with how far ahead it reaches. Undefined for fewer than two horizons. */
export function horizonChart(sides: readonly ChartSide[]): Chart | undefined {
  const first = sides[0]?.results;
  const known = (first?.horizons ?? []).slice(0, mostHorizons);
  const metric = preferred.find((name) => known.some((one) => typeof one.metrics[name] === "number"));
  if (metric === undefined || known.length < 2) return undefined;
  const names = shownNames(known.map((one) => one.horizon));
  const values = sides.flatMap(({ label: side, results }) =>
    (results.horizons ?? []).flatMap(({ horizon: own, metrics }): Point[] => {
      const [horizon, value] = [names.get(own), metrics[metric]];
      return horizon === undefined || typeof value !== "number" ? [] : [{ side, horizon, value }];
    }),
  );
  const place = {
    x: {
      field: "horizon",
      type: "ordinal",
      title: shownName(first?.columns.horizon ?? "horizon"),
      sort: [...names.values()],
      axis: { labelAngle: 0, labelOverlap: true },
    },
    y: quantitative("value", metric, { scale: { zero: true } }),
    color: sideColor(sides),
  };
  return framed(
    {
      name: "horizons",
      title: `${metric} by horizon`,
      note: "How large the error is by how far ahead the forecast reaches.",
    },
    { width: 380, height: 240 },
    {
      data: { values },
      layer: [
        { mark: { type: "line" }, encoding: place },
        { mark: { type: "point", filled: true, size: 30, opacity: 1 }, encoding: place },
      ],
    },
  );
}
