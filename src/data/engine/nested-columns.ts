import type { ElementList } from "../plan/column.ts";
import type { SourceColumn, TableSource } from "../sources/table-source.ts";
import type { DuckDb } from "./duckdb.ts";
import { elementsSql, valueSql } from "./element-table.ts";

/** A field in a struct of the table, or the elements of a list in it, or a field of those. */
export interface NestedField {
  readonly name: string;
  /** The top-level column and the names below it; of elements: the name of their list and the names below it. */
  readonly path: readonly string[];
  readonly list?: ElementList;
  readonly engineType: string;
}

/**
 * Those of `names` that are paths into structs (`address.city`) and lists (`items[].price`) of the table. A column of that very
 * name is no path. What is not there is left out; the check that wants it says so.
 */
export async function nestedFields(
  names: readonly string[],
  source: TableSource,
  db: DuckDb,
): Promise<NestedField[]> {
  const finder = new FieldFinder(source, db);
  const found: NestedField[] = [];
  for (const name of names) {
    const field = finder.isColumn(name) ? undefined : await finder.find(name);
    if (field !== undefined) found.push({ ...field, name });
  }
  return found;
}

type Found = Omit<NestedField, "name">;

class FieldFinder {
  readonly #columns: ReadonlyMap<string, SourceColumn>;
  readonly #source: TableSource;
  readonly #db: DuckDb;
  /** By name; undefined for those that are not there. */
  readonly #lists = new Map<string, Found | undefined>();
  /** The types of a struct's fields by their names, by the way to the struct. */
  readonly #members = new Map<string, ReadonlyMap<string, string>>();

  constructor(source: TableSource, db: DuckDb) {
    this.#columns = new Map(source.columns.map((column) => [column.name, column]));
    this.#source = source;
    this.#db = db;
  }

  isColumn(name: string): boolean {
    return this.#columns.has(name);
  }

  async find(name: string): Promise<Found | undefined> {
    const field = await this.#fieldOfRow(name);
    const end = name.lastIndexOf("[]");
    if (field !== undefined || end === -1) return field;
    const elements = await this.#elementsOf(name.slice(0, end + 2));
    const rest = name.slice(end + 2);
    if (elements === undefined || rest === "") return elements;
    return rest.startsWith(".") ? await this.#fieldIn(elements, rest.slice(1).split(".")) : undefined;
  }

  /** A column, or a field of a struct. */
  async #fieldOfRow(name: string): Promise<Found | undefined> {
    const parts = name.split(".");
    // The longest name wins, so that the fields of a column called a.b can be reached too.
    for (let length = parts.length; length > 0; length -= 1) {
      const top = this.#columns.get(parts.slice(0, length).join("."));
      if (top === undefined) continue;
      const { name: column, engineType } = top;
      const field = await this.#fieldIn({ path: [column], engineType }, parts.slice(length));
      if (field !== undefined) return field;
    }
    return undefined;
  }

  /** The field that is reached by `parts` from a value; again the longest name wins. */
  async #fieldIn(value: Found, parts: readonly string[]): Promise<Found | undefined> {
    if (parts.length === 0) return value;
    const members = await this.#membersOf(value);
    for (let length = parts.length; length > 0; length -= 1) {
      const name = parts.slice(0, length).join(".");
      const engineType = members.get(name);
      if (engineType === undefined) continue;
      return await this.#fieldIn({ ...value, path: [...value.path, name], engineType }, parts.slice(length));
    }
    return undefined;
  }

  /** DuckDB itself would take any spelling in upper and lower case for the field. */
  async #membersOf(value: Found): Promise<ReadonlyMap<string, string>> {
    if (!/^STRUCT\(.*\)$/s.test(value.engineType)) return new Map();
    const key = JSON.stringify(value.path);
    const known = this.#members.get(key);
    if (known !== undefined) return known;
    const members = new Map(await this.#describe(`unnest(${this.#sqlOf(value)})`, value.list));
    this.#members.set(key, members);
    return members;
  }

  /** The elements of the list that `name`, which ends with [], calls by the way to it. */
  async #elementsOf(name: string): Promise<Found | undefined> {
    if (!this.#lists.has(name)) this.#lists.set(name, await this.#findElements(name));
    return this.#lists.get(name);
  }

  async #findElements(name: string): Promise<Found | undefined> {
    // A column of that name is reached by it; its elements would be x[][].
    if (this.#columns.has(name)) return undefined;
    const holder = await this.find(name.slice(0, -2));
    const of = holder === undefined ? undefined : kindOf(holder.engineType);
    if (holder === undefined || of === undefined) return undefined;
    const { list: within, path } = holder;
    const list = within === undefined ? { name, path, of } : { name, path: path.slice(1), of, within };
    const [element] = await this.#describe(this.#sqlOf({ path: [name], list }), list);
    return element && { path: [name], list, engineType: element[1] };
  }

  #sqlOf({ list, path }: Pick<Found, "list" | "path">): string {
    return valueSql(list, list === undefined ? path : path.slice(1), this.#table);
  }

  get #table() {
    return {
      sql: this.#source.sql,
      identifierOf: (name: string) => this.#columns.get(name)?.sql,
    };
  }

  /** Names and types of what `sql` gives for a row, or for an element. */
  async #describe(sql: string, list: ElementList | undefined): Promise<[name: string, type: string][]> {
    const rows = await this.#db.query(
      `DESCRIBE SELECT ${sql} FROM ${elementsSql(list, this.#table)} AS source`,
    );
    return rows.map((row) => [String(row["column_name"]), String(row["column_type"])]);
  }
}

function kindOf(engineType: string): ElementList["of"] | undefined {
  if (engineType.endsWith("]")) return "list";
  return /^MAP\(.*\)$/s.test(engineType) ? "map" : undefined;
}
