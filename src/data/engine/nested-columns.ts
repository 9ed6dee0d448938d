import type { ElementList } from "../plan/column.ts";
import type { SourceColumn, TableSource } from "../sources/table-source.ts";
import type { DuckDb } from "./duckdb.ts";
import { fieldSql } from "./element-table.ts";
import { isMeasureFault } from "./fault.ts";

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
  readonly #lists = new Map<string, ElementList | undefined>();

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
    const list = await this.#list(name.slice(0, end + 2));
    const fields = fieldsIn(name.slice(end + 2));
    if (list === undefined || fields === undefined) return undefined;
    const engineType = await this.#typeOf(list, fields);
    return engineType === undefined ? undefined : { path: [list.name, ...fields], list, engineType };
  }

  /** A column, or a field of a struct. The longest name wins, so that the fields of a column called a.b can be reached too. */
  async #fieldOfRow(name: string): Promise<Found | undefined> {
    const column = this.#columns.get(name);
    if (column !== undefined) return { path: [name], engineType: column.engineType };
    const parts = name.split(".");
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const top = this.#columns.get(parts.slice(0, length).join("."));
      if (top === undefined || !/^STRUCT\(.*\)$/s.test(top.engineType)) continue;
      const path = [top.name, ...parts.slice(length)];
      const engineType = await this.#typeOf(undefined, path);
      return engineType === undefined ? undefined : { path, engineType };
    }
    return undefined;
  }

  /** The list that `name`, which ends with [], calls by the way to it. */
  async #list(name: string): Promise<ElementList | undefined> {
    if (!this.#lists.has(name)) this.#lists.set(name, await this.#findList(name));
    return this.#lists.get(name);
  }

  async #findList(name: string): Promise<ElementList | undefined> {
    // A column of that name is reached by it; its elements would be x[][].
    if (this.#columns.has(name)) return undefined;
    const holder = await this.find(name.slice(0, -2));
    if (holder === undefined) return undefined;
    const { list: within, path, engineType } = holder;
    const of = kindOf(engineType);
    if (of === undefined) return undefined;
    return within === undefined ? { name, path, of } : { name, path: path.slice(1), of, within };
  }

  async #typeOf(list: ElementList | undefined, fields: readonly string[]): Promise<string | undefined> {
    const { sql } = this.#source;
    const identifierOf = (name: string) => this.#columns.get(name)?.sql;
    try {
      const [row] = await this.#db.query(`DESCRIBE ${fieldSql(list, fields, { sql, identifierOf })}`);
      return String(row?.["column_type"]);
    } catch (error) {
      if (isMeasureFault(error)) return undefined;
      throw error;
    }
  }
}

/** `.a.b` after a list; undefined for what is no way from it. */
function fieldsIn(rest: string): string[] | undefined {
  if (rest === "") return [];
  return rest.startsWith(".") ? rest.slice(1).split(".") : undefined;
}

function kindOf(engineType: string): ElementList["of"] | undefined {
  if (engineType.endsWith("]")) return "list";
  return /^MAP\(.*\)$/s.test(engineType) ? "map" : undefined;
}
