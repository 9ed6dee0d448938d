/** Of a gap: its first and its last point, the point between that is farthest from its line (32 bits each), and how far (64 bits). */
const gapBytes: usize = 24;

/**
 * See `thinPoints` in thin-curve.ts. Marks (a byte each) at most `most` of the points, first and last among them: each time the one that
 * lies farthest from the line drawn so far. `gaps`: room for so many. There must be three points.
 */
export function markPoints(
  marks: usize,
  gaps: usize,
  xs: usize,
  ys: usize,
  points: usize,
  most: usize,
): void {
  store<u8>(marks, 1);
  store<u8>(marks + points - 1, 1);
  fillGap(gaps, xs, ys, 0, <u32>(points - 1));
  let end = gaps + gapBytes;
  for (let kept: usize = 2; kept < most; kept += 1) {
    let widest = gaps;
    for (let gap = gaps + gapBytes; gap < end; gap += gapBytes) {
      if (load<f64>(gap, 16) > load<f64>(widest, 16)) widest = gap;
    }
    if (!(load<f64>(widest, 16) > 1e-12)) return;
    const middle = load<u32>(widest, 8);
    store<u8>(marks + middle, 1);
    fillGap(end, xs, ys, middle, load<u32>(widest, 4));
    end += gapBytes;
    fillGap(widest, xs, ys, load<u32>(widest), middle);
  }
}

function fillGap(gap: usize, xs: usize, ys: usize, start: u32, end: u32): void {
  const x = load<f64>(xs + 8 * <usize>start);
  const y = load<f64>(ys + 8 * <usize>start);
  const dx = load<f64>(xs + 8 * <usize>end) - x;
  const dy = load<f64>(ys + 8 * <usize>end) - y;
  const squared = dx * dx + dy * dy;
  let middle = start;
  let farthest: f64 = 0;
  for (let point = start + 1; point < end; point += 1) {
    const ownX = load<f64>(xs + 8 * <usize>point) - x;
    const ownY = load<f64>(ys + 8 * <usize>point) - y;
    const along = squared === 0 ? 0 : (ownX * dx + ownY * dy) / squared;
    const share = min<f64>(1, max<f64>(0, along));
    const offX = ownX - share * dx;
    const offY = ownY - share * dy;
    const distance = offX * offX + offY * offY;
    if (distance > farthest) {
      farthest = distance;
      middle = point;
    }
  }
  store<u32>(gap, start);
  store<u32>(gap, end, 4);
  store<u32>(gap, middle, 8);
  store<f64>(gap, sqrt(farthest), 16);
}
