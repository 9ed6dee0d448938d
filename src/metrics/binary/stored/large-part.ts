import { BlockRoom } from "../block-room.ts";
import { BucketBlocks, type TakeBlocks } from "../bucket-blocks.ts";
import { countParts } from "../count-parts.ts";
import { countRows } from "../score-blocks.ts";
import { TiedBlocks } from "../tied-blocks.ts";
import type { RowPlan } from "./plan-rows.ts";
import { type BucketMemory, readBuckets } from "./read-buckets.ts";
import { blocksOf, emptyRows, type StoredBlock, type StoredRows, slotTags } from "./stored-rows.ts";

interface LargePart {
  readonly room: StoredRows;
  readonly plan: RowPlan;
  readonly part: number;
  /** So many rows are in memory at once. */
  readonly mostRows: number;
  readonly memory: BucketMemory;
  readonly signal: AbortSignal | undefined;
  readonly blockRoom: BlockRoom;
}

/** Goes down a part that does not fit into memory, some buckets at a time. Rows of one score are counted, however many they are. */
export async function eachOfLargePart(work: LargePart, take: TakeBlocks): Promise<void> {
  const { plan, part, mostRows } = work;
  const { buckets, parts } = plan;
  const end = parts[part + 1] ?? 0;
  const rowsTo = (first: number, last: number) => (buckets[last] ?? 0) - (buckets[first] ?? 0);
  for (let first = parts[part] ?? 0; first < end; ) {
    let last = first + 1;
    const isTied = (bucket: number) => rowsTo(bucket, bucket + 1) > plan.mostRows;
    if (isTied(first)) await eachTied(work, first, take);
    else {
      while (last < end && !isTied(last) && rowsTo(first, last + 1) <= mostRows) last += 1;
      await eachRead(work, { first, last }, take);
    }
    first = last;
  }
}

/** Does work that goes down such a part. */
export async function inBlockRoom<Answer>(
  { plan, room }: Pick<LargePart, "plan" | "room">,
  work: (blockRoom: BlockRoom) => Promise<Answer>,
): Promise<Answer> {
  const { form, mostRows } = plan;
  const isWeighted = room.weights !== undefined;
  const rows = emptyRows(form, 0);
  const like = isWeighted ? { ...rows, payloads: new Uint32Array() } : rows;
  const mostGroups = Math.max(1, ...form.groups);
  const blockRoom = new BlockRoom({ like, mostRows, mostGroups, isWeighted });
  try {
    return await work(blockRoom);
  } finally {
    blockRoom.close();
  }
}

function groupsOf({ form }: RowPlan): readonly number[] {
  return [1, ...form.groups];
}

function rowsOf({ plan, part }: LargePart) {
  const { buckets, parts } = plan;
  return { start: buckets[parts[part] ?? 0] ?? 0, end: buckets[parts[part + 1] ?? 0] ?? 0 };
}

async function eachRead(
  work: LargePart,
  { first, last }: { readonly first: number; readonly last: number },
  take: TakeBlocks,
): Promise<void> {
  const { room, plan, memory, signal } = work;
  const count = last - first;
  const found = await readBuckets({
    ...{ room, plan, signal, ...rowsOf(work), firstBucket: first, endBucket: last },
    ...{ parts: Uint32Array.of(0, count), memory },
  });
  const groups = groupsOf(plan);
  const tallies = groups.map((own, slot) => memory.tallies(slot, 2 * own * count));
  await countParts({ partition: found, groups, tallies, next: new Int32Array(1) });
  const partition = { ...found, isSorted: room.weights !== undefined };
  const blocks = new BucketBlocks({ partition, groups, tallies }, work.blockRoom);
  for (let bucket = 0; bucket < count; bucket += 1) blocks.each(bucket, take);
}

async function eachTied(work: LargePart, bucket: number, take: TakeBlocks): Promise<void> {
  const { room, plan, signal } = work;
  const { form } = plan;
  const groups = groupsOf(plan);
  let tied: TiedBlocks | undefined;
  let places = new Uint32Array();
  for await (const block of blocksOf(room, form, { ...rowsOf(work), signal })) {
    if (places.length < block.scores.length) places = new Uint32Array(block.scores.length);
    plan.place(block.scores, places);
    const { scores, payloads, weights } = onlyOf(block, places, bucket);
    if (scores.length === 0) continue;
    tied ??= new TiedBlocks(scores[0] ?? 0, groups, weights !== undefined);
    for (const [slot, count] of groups.entries()) {
      const tags = slotTags(form, slot, payloads);
      tied.count(slot, countRows(tags, scores.length, count));
      if (weights !== undefined) tied.weigh(slot, tags, weights);
    }
  }
  tied?.each(work.blockRoom.maker, take);
}

/** The rows of a block that are of a bucket, in the block's memory. */
function onlyOf(block: StoredBlock, places: Uint32Array, bucket: number): StoredBlock {
  const { scores, payloads, weights } = block;
  let kept = 0;
  for (let row = 0; row < scores.length; row += 1) {
    if (places[row] !== bucket) continue;
    scores[kept] = scores[row] ?? 0;
    payloads[kept] = payloads[row] ?? 0;
    if (weights !== undefined) weights[kept] = weights[row] ?? 0;
    kept += 1;
  }
  return {
    scores: scores.subarray(0, kept),
    payloads: payloads.subarray(0, kept),
    weights: weights?.subarray(0, kept),
  };
}
