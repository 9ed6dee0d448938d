import { keyOf, type RowsMeasure } from "../plan/measure.ts";
import { compileValueTest } from "../value-tests/value-test.ts";
import { compileExpression } from "./compile-expression.ts";
import type { DuckDb } from "./duckdb.ts";
import { rowsOf } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import { quoteIdentifier, quoteText } from "./sql.ts";
import { TableScope } from "./table-scope.ts";

export type FailingTest = RowsMeasure & { readonly kind: "failing-test" };

/** Texts are put into a table in statements of this many. */
const textsPerInsert = 1000;

/** The texts that failed a test, each test's in a temporary table of its own, for the queries that show their rows. */
export class FailingTexts {
  readonly #db: DuckDb;
  readonly #tables = new Map<string, string>();

  constructor(db: DuckDb) {
    this.#db = db;
  }

  /** The table `value VARCHAR` of the texts that failed; undefined for a test that was not run. */
  tableOf(measure: FailingTest): string | undefined {
    return this.#tables.get(keyOf(measure));
  }

  /**
   * Runs a test that SQL has not over every distinct text; answers the number of rows that fail, or why a text cannot be
   * tested at all.
   */
  async find(measure: FailingTest, table: EngineTable): Promise<number | { readonly error: string }> {
    const passes = await compileValueTest(measure.test);
    if (typeof passes === "object") return passes;
    const texts = quoteIdentifier(`texts ${this.#tables.size}`);
    await this.#db.query(`CREATE TEMP TABLE ${texts} AS ${textsSql(measure, table)}`);
    try {
      return await this.#test(measure, texts, passes);
    } finally {
      await this.#db.query(`DROP TABLE ${texts}`);
    }
  }

  /**
   * Of a table of texts, in which they were put together first: a stream of DuckDB's that fails on its way ends as if there were no more
   * rows, and those of a table can be counted.
   */
  async #test(
    measure: FailingTest,
    texts: string,
    passes: (text: string) => boolean | { readonly error: string },
  ): Promise<number | { readonly error: string }> {
    const [{ n: all = 0 } = {}] = await this.#db.query(`SELECT count(*) AS n FROM ${texts}`);
    const failing: string[] = [];
    let rows = 0;
    let seen = 0;
    for await (const { columns } of this.#db.streamColumns(`SELECT value, n FROM ${texts}`)) {
      const [values = [], counts = []] = columns;
      seen += values.length;
      for (const [index, value] of values.entries()) {
        const result = passes(String(value));
        if (typeof result === "object") return result;
        if (result) continue;
        rows += Number(counts[index] ?? 0);
        failing.push(String(value));
      }
    }
    if (seen !== Number(all)) return { error: `DuckDB gave ${seen} of ${Number(all)} texts` };
    await this.#keep(measure, failing);
    return rows;
  }

  async #keep(measure: FailingTest, texts: readonly string[]): Promise<void> {
    // With spaces: no table of a contract can be called so.
    const name = quoteIdentifier(`failing texts ${this.#tables.size}`);
    await this.#db.query(`CREATE TEMP TABLE ${name} (value VARCHAR)`);
    for (let start = 0; start < texts.length; start += textsPerInsert) {
      const rows = texts.slice(start, start + textsPerInsert).map((text) => `(${quoteText(text)})`);
      await this.#db.query(`INSERT INTO ${name} VALUES ${rows.join(", ")}`);
    }
    this.#tables.set(keyOf(measure), name);
  }
}

/** Every distinct text with the number of its rows. */
export function textsSql(measure: FailingTest, table: EngineTable): string {
  const scope = new TableScope(rowsOf(measure, table));
  const of = compileExpression(measure.of, scope);
  const where = measure.where === undefined ? "true" : compileExpression(measure.where, scope);
  return `SELECT value, count(*) AS n FROM (SELECT CAST(${of} AS VARCHAR) AS value FROM ${scope.from()} WHERE ${where}) WHERE value IS NOT NULL GROUP BY value`;
}
