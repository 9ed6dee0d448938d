import { type DataType, type Field, DataType as Kind } from "apache-arrow";
import { type ArrowReading, type LeafType, leafType } from "./arrow-types.ts";
import { type ParquetLeaf, physicalTypes } from "./parquet-writer.ts";
import type { ThriftStruct } from "./thrift-compact.ts";

/** A column of values below a column of the table. */
export interface ArrowLeaf extends ParquetLeaf {
  readonly reading: ArrowReading;
  readonly deepest: { readonly repetition: number; readonly definition: number };
}

/** How a column of Arrow is put together; leaves by their place among the leaves of the table. */
export type ArrowNode =
  | { readonly kind: "leaf"; readonly leaf: number; readonly isNothing: boolean }
  | { readonly kind: "struct"; readonly children: readonly ArrowNode[] }
  /** Lists, maps, and lists of one `size`; `repetition`: in how many lists its values are. */
  | {
      readonly kind: "list";
      readonly child: ArrowNode;
      readonly repetition: number;
      readonly size: number | undefined;
      readonly isMap: boolean;
    };

export interface ArrowTable {
  readonly nodes: readonly ArrowNode[];
  readonly leaves: readonly ArrowLeaf[];
  /** For the writer, depth first, the root first. */
  readonly schema: readonly ThriftStruct[];
  readonly notes: readonly string[];
  /** Columns with a type that cannot be kept. */
  readonly lost: readonly Field[];
}

const repetitions = { optional: 1, repeated: 2 } as const;
const annotations = { map: 1, list: 3 } as const;

interface Place {
  readonly path: readonly string[];
  readonly repetition: number;
  readonly definition: number;
}

/** The Parquet schema that keeps the types of `fields`. */
export function arrowTable(fields: readonly Field[]): ArrowTable {
  const builder = new SchemaBuilder();
  builder.schema.push(element("table", { children: fields.length }));
  const lost: Field[] = [];
  const nodes = fields.flatMap((field) => {
    const node = builder.add(field.type, field.name, { path: [], repetition: 0, definition: 0 });
    if (node !== undefined) return [node];
    lost.push(field);
    return [];
  });
  const { leaves, schema, notes } = builder;
  return { nodes, leaves, schema, notes, lost };
}

/** Goes through types depth first, as the elements of a schema stand in a file. */
class SchemaBuilder {
  readonly leaves: ArrowLeaf[] = [];
  readonly schema: ThriftStruct[] = [];
  readonly notes: string[] = [];

  /** Undefined where the type, or one inside it, cannot be kept. */
  add(type: DataType, name: string, above: Place): ArrowNode | undefined {
    const here = { ...above, path: [...above.path, name], definition: above.definition + 1 };
    if (Kind.isStruct(type)) {
      this.schema.push(element(name, { repetition: repetitions.optional, children: type.children.length }));
      return this.#struct(type.children, here);
    }
    const item = itemOf(type);
    if (item !== undefined) return this.#list(item, name, here);
    const leaf = leafType(type);
    return leaf === undefined ? undefined : this.#leaf(leaf, here);
  }

  #struct(fields: readonly Field[], here: Place): ArrowNode | undefined {
    const children = fields.map((field) => this.add(field.type, field.name, here));
    const known = children.filter((child) => child !== undefined);
    return known.length === children.length ? { kind: "struct", children: known } : undefined;
  }

  #list(item: ListItem, name: string, here: Place): ArrowNode | undefined {
    const { isMap, size, field } = item;
    const group = isMap ? "key_value" : "list";
    const annotation = isMap ? annotations.map : annotations.list;
    this.schema.push(element(name, { repetition: repetitions.optional, children: 1, annotation }));
    const repetition = here.repetition + 1;
    const inside = { path: [...here.path, group], repetition, definition: here.definition + 1 };
    // The repeated group of a map stands for the struct of key and value, which is always there.
    const isEntry = isMap && Kind.isStruct(field.type);
    const children: readonly Field[] = isEntry ? field.type.children : [field];
    this.schema.push(element(group, { repetition: repetitions.repeated, children: children.length }));
    const child = isEntry ? this.#struct(children, inside) : this.add(field.type, "element", inside);
    return child === undefined ? undefined : { kind: "list", child, repetition, size, isMap };
  }

  #leaf(found: LeafType, { path, repetition, definition }: Place): ArrowNode {
    const { type, reading, note } = found;
    this.schema.push(leafElement(path.at(-1) ?? "", found));
    if (note !== undefined) this.notes.push(`${path.join(".")}: ${note}`);
    this.leaves.push({ path, type, reading, deepest: { repetition, definition } });
    return { kind: "leaf", leaf: this.leaves.length - 1, isNothing: reading.kind === "nothing" };
  }
}

interface ListItem {
  readonly field: Field;
  readonly isMap: boolean;
  readonly size: number | undefined;
}

function itemOf(type: DataType): ListItem | undefined {
  const isList =
    Kind.isList(type) || Kind.isLargeList(type) || Kind.isFixedSizeList(type) || Kind.isMap(type);
  const field: Field | undefined = isList ? type.children[0] : undefined;
  if (field === undefined) return undefined;
  return { field, isMap: Kind.isMap(type), size: Kind.isFixedSizeList(type) ? type.listSize : undefined };
}

function element(
  name: string,
  {
    repetition,
    children,
    annotation,
  }: { readonly repetition?: number; readonly children: number; readonly annotation?: number },
): ThriftStruct {
  return [
    ...(repetition === undefined ? [] : [[3, { i32: repetition }] as const]),
    [4, { text: name }],
    [5, { i32: children }],
    ...(annotation === undefined ? [] : [[6, { i32: annotation }] as const]),
  ];
}

function leafElement(name: string, { type, typeLength, meaning }: LeafType): ThriftStruct {
  return [
    [1, { i32: physicalTypes[type] }],
    ...(typeLength === undefined ? [] : [[2, { i32: typeLength }] as const]),
    [3, { i32: repetitions.optional }],
    [4, { text: name }],
    ...meaning,
  ];
}
