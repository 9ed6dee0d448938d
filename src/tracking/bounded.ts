/** Runs `work` for every item, at most `limit` at a time; after a failure nothing new is begun. Results in order. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  let next = 0;
  let hasFailed = false;
  async function runLane(): Promise<void> {
    while (next < items.length && !hasFailed) {
      const index = next++;
      for (const item of items.slice(index, index + 1)) {
        try {
          results.set(index, await work(item));
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }
    }
  }
  const lanes = Array.from({ length: Math.min(limit, items.length) }, runLane);
  const outcomes = await Promise.allSettled(lanes);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}
