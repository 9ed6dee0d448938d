import type { PlanColumn } from "../plan/column.ts";
import type { CsvType } from "../sources/table-source.ts";
import { typedValue } from "./column-sql.ts";
import type { Scope } from "./compile-expression.ts";
import type { EngineTable } from "./engine-table.ts";
import { notExact, type QuickReading, quickReading } from "./quick-reading.ts";
import { quoteIdentifier } from "./sql.ts";

/**
 * The scope of one query over a table: it gathers which columns the query needs, and `from` gives the table with each of them
 * as it stands in the file, and once as its type. Names of the file are there only for expressions of the user's: no
 * name of the file means anything to the others.
 */
export class TableScope implements Scope {
  readonly #table: EngineTable;
  readonly #byName: ReadonlyMap<string, { readonly column: PlanColumn; readonly index: number }>;
  readonly #raw = new Set<string>();
  readonly #typed = new Set<string>();
  readonly #text = new Set<string>();
  readonly #user: string[] = [];
  readonly #prefix: string;

  constructor(table: EngineTable) {
    this.#table = table;
    this.#byName = new Map(table.columns.map((column, index) => [column.name, { column, index }]));
    let prefix = "_";
    while (table.columns.some((column) => column.name.toLowerCase().startsWith(prefix))) prefix += "_";
    this.#prefix = prefix;
  }

  column(name: string): PlanColumn {
    const { column } = this.#at(name);
    const reading = this.#quick(column);
    return reading === undefined ? column : { ...column, storage: "typed", storedAs: reading.as };
  }

  /** For each column that is read the quick way here: whether a row's text is not one that can be read so. */
  inexact(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const name of this.#typed) {
      const reading = this.#quick(this.#at(name).column);
      if (reading === undefined || this.#isReadAsType(name)) continue;
      found.set(name, notExact(reading, this.raw(name), this.typed(name)));
    }
    return found;
  }

  raw(name: string): string {
    const { index } = this.#at(name);
    this.#raw.add(name);
    return `${this.#prefix}c${index}`;
  }

  text(name: string): string {
    this.#text.add(name);
    return this.raw(name);
  }

  typed(name: string): string {
    const { column, index } = this.#at(name);
    if (this.#quick(column) === undefined && typedValue(column, "x") === "x") return this.raw(name);
    this.#typed.add(name);
    return `${this.#prefix}v${index}`;
  }

  user(sql: string): string {
    this.#user.push(sql.toLowerCase());
    // What the expression means is to be read rightly too.
    for (const name of this.#namedColumns()) if (this.#table.quick.has(name)) this.typed(name);
    // A comment at the end of the user's text must not swallow what follows it.
    return `(${sql}\n)`;
  }

  /** The table expression for the query, to be asked for when all its expressions are compiled. */
  from(): string {
    // Values are read once: a name is another one for what stands there already.
    const names = [...this.#namedColumns()].map((name) => `${this.typed(name)} AS ${quoteIdentifier(name)}`);
    const values = [...this.#byName.values()].flatMap(({ column, index }) => {
      const [isRaw, isTyped] = [this.#raw.has(column.name), this.#typed.has(column.name)];
      // What nobody asked for need not be here: elements of lists are in tables of their own.
      if (!isRaw && !isTyped) return [];
      const sql = this.#sourceOf(column);
      return [
        ...(isRaw ? [`${sql} AS ${this.#prefix}c${index}`] : []),
        ...(isTyped ? [`${this.#value(column, sql)} AS ${this.#prefix}v${index}`] : []),
      ];
    });
    const types = this.asTypes();
    const reader = types.size === 0 ? this.#table.sql : (this.#table.forms?.sql(types) ?? this.#table.sql);
    const read = `(SELECT ${values.length === 0 ? "1 AS one" : values.join(", ")} FROM ${reader} AS source)`;
    return names.length === 0 ? read : `(SELECT *, ${names.join(", ")} FROM ${read})`;
  }

  #quick(column: PlanColumn): QuickReading | undefined {
    return this.#table.quick.has(column.name) ? quickReading(column) : undefined;
  }

  /** Not one whose text is asked for too. */
  #isReadAsType(name: string): boolean {
    const { typed, quick } = this.#table;
    return typed?.has(name) === true && quick.has(name) && !this.#text.has(name);
  }

  /** To be asked for, as `inexact` and `from`, when all expressions are compiled: what the reader of the file reads as types. */
  asTypes(): ReadonlyMap<string, CsvType> {
    const types = new Map<string, CsvType>();
    for (const { column } of this.#byName.values()) {
      const reading = this.#quick(column);
      const isUsed = this.#raw.has(column.name) || this.#typed.has(column.name);
      if (isUsed && reading !== undefined && this.#isReadAsType(column.name))
        types.set(column.name, reading.as);
    }
    return types;
  }

  #value(column: PlanColumn, sql: string): string {
    if (this.#isReadAsType(column.name)) return sql;
    return this.#quick(column)?.value(sql) ?? typedValue(column, sql);
  }

  /** Columns that the user's expressions may mean. Two that differ in case only have no name that SQL can tell apart. */
  #namedColumns(): ReadonlySet<string> {
    if (this.#user.length === 0) return new Set();
    const lowered = this.#table.columns.map((column) => column.name.toLowerCase());
    const isMeant = (name: string) => name !== "" && this.#user.some((sql) => sql.includes(name));
    return new Set(
      this.#table.columns
        .filter((column) => {
          const name = column.name.toLowerCase();
          return (
            column.path === undefined && isMeant(name) && lowered.indexOf(name) === lowered.lastIndexOf(name)
          );
        })
        .map((column) => column.name),
    );
  }

  #sourceOf(column: PlanColumn): string {
    const [top = column.name, ...fields] = column.path ?? [column.name];
    const identifier = this.#table.identifierOf(top);
    if (identifier === undefined) throw new Error(`the table has no column ${JSON.stringify(top)}`);
    return `source.${identifier}${fields.map((field) => `.${quoteIdentifier(field)}`).join("")}`;
  }

  #at(name: string) {
    const found = this.#byName.get(name);
    if (found === undefined) throw new Error(`the plan has no column ${JSON.stringify(name)}`);
    return found;
  }
}
