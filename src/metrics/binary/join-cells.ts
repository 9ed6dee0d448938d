/** Neighbouring cells make a bucket, of at most so many rows unless it is one cell. `sizes`: rows of each bucket by stretch. */
export function bucketsOf(
  counts: readonly Uint32Array[],
  mostRows: number,
  isShared: boolean,
): { readonly bucketOf: Uint16Array; readonly sizes: readonly number[][] } {
  const cells = counts[0]?.length ?? 0;
  const bucketOf = new Uint16Array(isShared ? new SharedArrayBuffer(2 * cells) : new ArrayBuffer(2 * cells));
  let own = counts.map(() => 0);
  const sizes = [own];
  let size = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    let more = 0;
    for (let index = 0; index < counts.length; index += 1) more += counts[index]?.[cell] ?? 0;
    if (more === 0) continue;
    if (size > 0 && size + more > mostRows) {
      own = counts.map(() => 0);
      sizes.push(own);
      size = 0;
    }
    bucketOf[cell] = sizes.length - 1;
    for (let index = 0; index < counts.length; index += 1) {
      own[index] = (own[index] ?? 0) + (counts[index]?.[cell] ?? 0);
    }
    size += more;
  }
  return { bucketOf, sizes };
}
