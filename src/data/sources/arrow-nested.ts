import type { Data } from "apache-arrow";
import type { ArrowLeaf, ArrowNode } from "./arrow-schema.ts";
import { pageOf, type Range, valuesPage } from "./arrow-values.ts";
import { nestedLevels } from "./parquet-levels.ts";
import type { ParquetPage } from "./parquet-writer.ts";

/** What was found of one leaf: levels for every value and null, places of the values in the leaf's own buffers. */
interface Shreds {
  readonly repetition: number[];
  readonly definition: number[];
  readonly places: number[];
  data: Data | undefined;
}

/** Rows of a column as one page for each leaf below it, in their order. Throws `RangeError` for buffers that are too short. */
export function pagesOf(
  node: ArrowNode,
  leaves: readonly ArrowLeaf[],
  { data, range }: { readonly data: Data; readonly range: Range },
): ParquetPage[] {
  if (node.kind === "leaf") {
    const leaf = leaves[node.leaf];
    return leaf === undefined ? [] : [pageOf(data, leaf.reading, range)];
  }
  const shreds = new Map<number, Shreds>();
  for (const leaf of leavesBelow(node))
    shreds.set(leaf, { repetition: [], definition: [], places: [], data: undefined });
  const shredder = new Shredder(shreds);
  for (let place = range.start; place < range.end; place += 1)
    shredder.visit(node, data, { place, repetition: 0, definition: 0 });
  return [...shreds].flatMap(([index, found]) => {
    const leaf = leaves[index];
    if (leaf === undefined) return [];
    const levels = nestedLevels(found, leaf.deepest);
    const sizes = { rows: range.end - range.start, count: found.definition.length };
    return [{ ...sizes, levels, ...valuesPage(found.data, leaf.reading, Uint32Array.from(found.places)) }];
  });
}

function leavesBelow(node: ArrowNode): number[] {
  if (node.kind === "leaf") return [node.leaf];
  return node.kind === "list" ? leavesBelow(node.child) : node.children.flatMap(leavesBelow);
}

interface At {
  readonly place: number;
  readonly repetition: number;
  readonly definition: number;
}

class Shredder {
  readonly #shreds: ReadonlyMap<number, Shreds>;

  constructor(shreds: ReadonlyMap<number, Shreds>) {
    this.#shreds = shreds;
  }

  visit(node: ArrowNode, data: Data | undefined, at: At): void {
    if (data === undefined) throw new RangeError("a nested column has fewer children than its type");
    const inside = { ...at, definition: at.definition + 1 };
    if (!isThere(data, at.place)) this.#none(node, at);
    else if (node.kind === "leaf") this.#value(node, data, inside);
    else if (node.kind === "list") this.#list(node, data, inside);
    else
      for (const [index, child] of node.children.entries()) this.visit(child, data.children[index], inside);
  }

  #list(node: Extract<ArrowNode, { readonly kind: "list" }>, data: Data, at: At): void {
    const [from, to] = boundsOf(data, node.size, at.place);
    if (from === to) this.#none(node, at);
    const child = data.children[0];
    if (child === undefined || to > child.length) throw new RangeError("a list ends behind its values");
    for (let place = from; place < to; place += 1) {
      const repetition = place === from ? at.repetition : node.repetition;
      const inside = { place, repetition, definition: at.definition + 1 };
      if (!node.isMap) this.visit(node.child, child, inside);
      else if (node.child.kind === "struct")
        for (const [index, part] of node.child.children.entries())
          this.visit(part, child.children[index], inside);
    }
  }

  #value(node: Extract<ArrowNode, { readonly kind: "leaf" }>, data: Data, at: At): void {
    const shreds = this.#shreds.get(node.leaf);
    if (shreds === undefined) return;
    // A column of the type null has no bits that say so.
    if (node.isNothing) {
      this.#none(node, { ...at, definition: at.definition - 1 });
      return;
    }
    shreds.data = data;
    shreds.repetition.push(at.repetition);
    shreds.definition.push(at.definition);
    shreds.places.push(at.place);
  }

  #none(node: ArrowNode, at: At): void {
    for (const leaf of leavesBelow(node)) {
      const shreds = this.#shreds.get(leaf);
      shreds?.repetition.push(at.repetition);
      shreds?.definition.push(at.definition);
    }
  }
}

function isThere(data: Data, place: number): boolean {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0) return true;
  return (((data.nullBitmap[place >> 3] ?? 0) >> (place & 7)) & 1) === 1;
}

function boundsOf(data: Data, size: number | undefined, place: number): readonly [number, number] {
  if (size !== undefined) return [place * size, (place + 1) * size];
  const offsets: unknown = data.valueOffsets;
  if (offsets instanceof Int32Array || offsets instanceof BigInt64Array) {
    const [from, to] = [Number(offsets[place] ?? -1), Number(offsets[place + 1] ?? -1)];
    if (from >= 0 && to >= from) return [from, to];
  }
  throw new RangeError("a list has wrong offsets");
}
