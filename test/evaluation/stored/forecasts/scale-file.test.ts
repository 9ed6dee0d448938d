import path from "node:path";
import { expect, it } from "vitest";
import { ColumnFile } from "../../../../src/evaluation/stored/column-file.ts";
import { ScaleFile } from "../../../../src/evaluation/stored/forecasts/scale-file.ts";
import type { NameKey } from "../../../../src/evaluation/stored/name-order.ts";
import { temporaryFolder } from "../../../support/folder.ts";

const scaleOf = (place: number) => ({ mae: place / 7, rmse: place % 5 === 0 ? Number.NaN : place });

it.each<[string, (place: number) => NameKey]>([
  ["whole numbers", (place) => [BigInt(place) - 5000n]],
  [
    "halves of digests, of which the first is the same for some",
    (place) => [BigInt(Math.floor(place / 3)) << 40n, BigInt(place % 3) - 2n ** 63n],
  ],
])("finds the scales of series whose keys ascend, and none of others: %s", async (_name, keyOf) => {
  const file = await ColumnFile.make(path.join(temporaryFolder(), "scales.column"));
  try {
    const scales = new ScaleFile(file);
    // More than are in memory at once; every fourth is left out.
    const all = Array.from({ length: 12_000 }, (_, place) => place);
    const kept = all.filter((place) => place % 4 !== 1);
    for (const place of kept) await scales.add(keyOf(place), scaleOf(place));
    await scales.finish();
    for (const asked of [all, all.filter((place) => place % 997 === 0), [11_999], [0, 0, 1, 1, 2]]) {
      const find = scales.finder();
      for (const place of asked)
        expect(await find(keyOf(place)), String(place)).toEqual(place % 4 === 1 ? undefined : scaleOf(place));
    }
    expect(await scales.finder()(keyOf(12_000))).toBeUndefined();
  } finally {
    await file.close();
  }
});

it("finds nothing in an empty file", async () => {
  const file = await ColumnFile.make(path.join(temporaryFolder(), "scales.column"));
  try {
    const scales = new ScaleFile(file);
    await scales.finish();
    expect(await scales.finder()([7n])).toBeUndefined();
  } finally {
    await file.close();
  }
});
