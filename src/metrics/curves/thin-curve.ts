import type { Curve } from "../details.ts";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly threshold: number | null;
}

/** For drawing: more points than a screen shows are of no use, and each costs bytes in the result file. */
const mostCurvePoints = 500;

/** Thinned, in the shape of the result file. */
export function drawn(points: readonly Point[]): Curve {
  const thinned = thinPoints(points);
  return {
    x: thinned.map((point) => point.x),
    y: thinned.map((point) => point.y),
    thresholds: thinned.map((point) => point.threshold),
  };
}

/**
 * At most `most` of the points, first and last among them: each time the point that lies farthest from the line drawn so far is
 * taken in (Ramer 1972, Douglas & Peucker 1973). Points on the line are left out.
 */
function thinPoints(points: readonly Point[], most = mostCurvePoints): readonly Point[] {
  if (points.length <= 2) return points;
  const kept = [0, points.length - 1];
  const open = [farthest(points, 0, points.length - 1)];
  while (kept.length < most) {
    let widest = open[0];
    for (const gap of open) if (widest === undefined || gap.distance > widest.distance) widest = gap;
    if (widest === undefined || widest.distance <= 1e-12) break;
    kept.push(widest.middle);
    open.splice(open.indexOf(widest), 1);
    open.push(farthest(points, widest.start, widest.middle), farthest(points, widest.middle, widest.end));
  }
  return kept.sort((one, other) => one - other).flatMap((index) => points[index] ?? []);
}

interface Gap {
  readonly start: number;
  readonly end: number;
  readonly middle: number;
  /** Of the middle from the line between start and end. */
  readonly distance: number;
}

function farthest(points: readonly Point[], start: number, end: number): Gap {
  const [from, to] = [points[start], points[end]];
  let [middle, distance] = [start, 0];
  if (from === undefined || to === undefined) return { start, end, middle, distance };
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy;
  for (let index = start + 1; index < end; index += 1) {
    const point = points[index];
    if (point === undefined) continue;
    const along = squared === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / squared;
    const share = Math.min(1, Math.max(0, along));
    const off = Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
    if (off > distance) [middle, distance] = [index, off];
  }
  return { start, end, middle, distance };
}
