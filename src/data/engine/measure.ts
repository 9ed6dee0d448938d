import type { Plan, PlanColumn } from "../plan/plan.ts";
import type { CompiledPlan } from "./compile.ts";
import type { Cell, DuckDb, Row } from "./duckdb.ts";

export interface ColumnMeasures {
  readonly nulls: number;
  readonly nan: number;
  readonly infinite: number;
  readonly mistyped: number;
}

/** What was counted; everything that a verdict is made of. Exact. */
export interface Measurements {
  readonly rows: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, ColumnMeasures>;
  /** By the position of the check in the plan: rows that break it. */
  readonly failing: ReadonlyMap<number, number>;
  /** By the position of the check in the plan: the smallest or largest value. */
  readonly observed: ReadonlyMap<number, Cell>;
}

/** Runs the queries of a plan. Throws what DuckDB throws. */
export async function measure(plan: Plan, compiled: CompiledPlan, db: DuckDb): Promise<Measurements> {
  const counted: Record<string, Cell> = {};
  for (const sql of compiled.scans) Object.assign(counted, (await db.query(sql))[0] ?? {});
  const failing = new Map<number, number>();
  const observed = new Map<number, Cell>();
  for (const index of plan.checks.keys()) {
    const count = counted[`k${index}_failing`];
    if (count !== undefined) failing.set(index, Number(count));
    const value = counted[`k${index}_observed`];
    if (value !== undefined) observed.set(index, value);
  }
  for (const { check, sql } of compiled.unique) {
    const [row] = await db.query(sql);
    failing.set(check, Number(row?.["failing"] ?? 0));
  }
  const columns = plan.columns.map((column, index) => [column.name, columnMeasures(counted, index)] as const);
  return { rows: Number(counted["rows"] ?? 0), columns: new Map(columns), failing, observed };
}

function columnMeasures(counted: Row, index: number): ColumnMeasures {
  const count = (name: string) => Number(counted[`c${index}_${name}`] ?? 0);
  return {
    nulls: count("nulls"),
    nan: count("nan"),
    infinite: count("infinite"),
    mistyped: count("mistyped"),
  };
}

/** A type found in the first rows holds only if it holds for all rows; otherwise the column is text, and "NaN" a word. */
export function settledType(column: PlanColumn, measured: ColumnMeasures | undefined): PlanColumn["type"] {
  return column.origin === "inferred" && (measured?.mistyped ?? 0) > 0 ? "string" : column.type;
}
