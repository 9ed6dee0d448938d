import type { Curve } from "../details.ts";
import { inKernel } from "../kernel/kernel.ts";

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

/** Of a gap, as `markPoints` in the kernel has it. */
const gapBytes = 24;

/**
 * At most `most` of the points, first and last among them: each time the point that lies farthest from the line drawn so far is
 * taken in (Ramer 1972, Douglas & Peucker 1973). Points on the line are left out.
 */
function thinPoints(points: readonly Point[], most = mostCurvePoints): readonly Point[] {
  const { length } = points;
  if (length <= 2) return points;
  return inKernel(17 * length + gapBytes * most + 64, (kernel) => {
    const [xs, ys] = [kernel.allot(Float64Array, length), kernel.allot(Float64Array, length)];
    for (const [index, { x, y }] of points.entries()) {
      xs[index] = x;
      ys[index] = y;
    }
    const marks = kernel.allot(Uint8Array, length).fill(0);
    const gaps = kernel.allot(Uint8Array, gapBytes * most);
    kernel.loops.markPoints(kernel.at(marks), kernel.at(gaps), kernel.at(xs), kernel.at(ys), length, most);
    return points.filter((_, index) => marks[index] === 1);
  });
}
