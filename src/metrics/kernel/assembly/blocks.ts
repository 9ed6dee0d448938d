/** Numbers the blocks of equal scores among sorted ones, row by row. */
export function numberBlocksF32(blockOf: usize, scores: usize, rows: usize): void {
  numberBlocks<f32>(blockOf, scores, rows);
}

export function numberBlocksF64(blockOf: usize, scores: usize, rows: usize): void {
  numberBlocks<f64>(blockOf, scores, rows);
}

function numberBlocks<Score>(blockOf: usize, scores: usize, rows: usize): void {
  let block: u32 = -1;
  let last = <Score>NaN;
  for (let row: usize = 0; row < rows; row += 1) {
    const score = load<Score>(scores + row * sizeof<Score>());
    block += score !== last ? 1 : 0;
    last = score;
    store<u32>(blockOf + 4 * row, block);
  }
}

/**
 * See `BlockMaker`. `columns`: where the blocks' scores, positives, negatives and places begin, in 32 bits each. `groups`: of each
 * group where its next block goes and the last block of all rows that it is in (-1: none yet), in 32 bits each.
 */
function countBlocks<Score, Tag>(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  const blockScores = <usize>load<u32>(columns);
  const positives = <usize>load<u32>(columns, 4);
  const negatives = <usize>load<u32>(columns, 8);
  const places = <usize>load<u32>(columns, 12);
  for (let row: usize = 0; row < rows; row += 1) {
    const place = load<u32>(blockOf + 4 * row);
    const tag = <u32>load<Tag>(tags + row * sizeof<Tag>());
    const group = groups + 8 * <usize>((tag >>> shift) & mask);
    const up = <f64>(tag & 1);
    const next = <usize>load<u32>(group);
    if (place === load<u32>(group, 4)) {
      const last: usize = 8 * (next - 1);
      store<f64>(positives + last, load<f64>(positives + last) + up);
      store<f64>(negatives + last, load<f64>(negatives + last) + 1 - up);
      continue;
    }
    store<u32>(group, <u32>(next + 1));
    store<u32>(group, place, 4);
    store<u32>(places + 4 * next, place);
    store<f64>(blockScores + 8 * next, <f64>load<Score>(scores + row * sizeof<Score>()));
    store<f64>(positives + 8 * next, up);
    store<f64>(negatives + 8 * next, 1 - up);
  }
}

export function countBlocksF32U8(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f32, u8>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}

export function countBlocksF32U16(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f32, u16>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}

export function countBlocksF32U32(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f32, u32>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}

export function countBlocksF64U8(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f64, u8>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}

export function countBlocksF64U16(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f64, u16>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}

export function countBlocksF64U32(
  columns: usize,
  groups: usize,
  blockOf: usize,
  scores: usize,
  tags: usize,
  rows: usize,
  shift: u32,
  mask: u32,
): void {
  countBlocks<f64, u32>(columns, groups, blockOf, scores, tags, rows, shift, mask);
}
