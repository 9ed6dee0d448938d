import { MlopsError } from "../errors.ts";
import { contractChecks } from "./contract/contract-checks.ts";
import { enginePatterns } from "./contract/engine-patterns.ts";
import { otherTables } from "./contract/other-tables.ts";
import { type ScriptCheck, scriptChecks } from "./contract/programs.ts";
import { planColumns } from "./engine/columns.ts";
import type { DuckDb } from "./engine/duckdb.ts";
import { duckDbEngine } from "./engine/duckdb-engine.ts";
import type { EngineTable, TextForms } from "./engine/engine-table.ts";
import { refusedPatterns } from "./engine/refused-patterns.ts";
import { createView } from "./engine/views.ts";
import type { TableFacts } from "./gx/suite-checks.ts";
import type { Check } from "./plan/check.ts";
import type { PlanColumn } from "./plan/column.ts";
import type { Engine } from "./plan/engine.ts";
import type { OtherTable } from "./plan/table.ts";
import type { ValidateRequest } from "./request.ts";
import { requireColumns } from "./require-columns.ts";
import { refusal } from "./sources/refusals.ts";
import { failureOf, openTable } from "./sources/source.ts";
import type { TableSource } from "./sources/table-source.ts";

export interface PreparedTable {
  readonly source: TableSource;
  /** Those that have one value a row: elements of lists are the contract's business alone. */
  readonly columns: readonly PlanColumn[];
  /** Of the contract, then of the suites one after the other. */
  readonly checks: readonly Check[];
  readonly scripts: readonly ScriptCheck[];
  /** `optimistic`: before it is known whether a CSV may be read in parallel. */
  engine(reading: "sure" | "optimistic"): Engine;
  close(): void;
}

/**
 * Reads the heads of all tables, makes the plan and locks the engine; nothing is judged yet. `writable`: the one file that the
 * engine may write. Throws `not-evaluable` for data that cannot be read,
 * `usage` for a regular expression that the engine has not.
 */
export async function prepareTable(
  request: ValidateRequest,
  db: DuckDb,
  writable: readonly string[],
): Promise<PreparedTable> {
  await refusePatterns(request, db);
  const source = await openTable(request.paths, db, sourceOptions(request, true));
  let isReady = false;
  try {
    const columns = await planColumns(source, request.contract, db);
    requireColumns("--key-column", request.failingRows?.keyColumns ?? [], columns);
    const others = otherTables(request.contract);
    const otherSources = await openOthers(others, request, db);
    const ofRows = columns.filter((column) => column.list === undefined);
    const facts = { columns: ofRows, otherTables: others.map((one) => one.name), now: request.now };
    const checks = [...contractChecks({ ...request, columns }), ...(await checksOfSuites(request, facts))];
    await db.lock({ readable: [source, ...otherSources].flatMap(readPaths), writable });
    isReady = true;
    return {
      source,
      columns: ofRows,
      checks,
      scripts: scriptChecks(request.contract),
      engine: (reading) => duckDbEngine({ db, table: engineTable(source, columns, reading) }),
      close: () => source.close(),
    };
  } catch (error) {
    request.signal.throwIfAborted();
    throw await failureOf(source, error);
  } finally {
    if (!isReady) source.close();
  }
}

/** What RE2 alone can say of a contract, said before any data is read. Suites have regular expressions of Python, see gx/. */
async function refusePatterns({ contract, placeInContract }: ValidateRequest, db: DuckDb): Promise<void> {
  const patterns = enginePatterns(contract);
  const refused = await refusedPatterns(
    patterns.map(({ pattern }) => pattern),
    db,
  );
  if (refused.size === 0) return;
  const problems = patterns.flatMap(({ path, pattern }) => {
    const reason = refused.get(pattern);
    return reason === undefined
      ? []
      : [`${placeInContract(path)}: is no regular expression of RE2: ${reason}.`];
  });
  throw new MlopsError({
    kind: "usage",
    code: "CONTRACT_INVALID",
    message: problems.join("\n"),
    hint: "Mend the patterns at the lines named; RE2's syntax is at https://github.com/google/re2/wiki/Syntax.",
  });
}

/** Great Expectations is loaded only where it is asked for: most runs have no suite. */
async function checksOfSuites({ suites }: ValidateRequest, facts: TableFacts): Promise<Check[]> {
  if (suites.length === 0) return [];
  const { expectationTable, suiteChecks } = await import("./gx/suite-checks.ts");
  return suites.flatMap((suite) => suiteChecks(suite, expectationTable(facts)));
}

function sourceOptions(request: ValidateRequest, readsAhead: boolean) {
  const { cwd, delimiter, encoding, fetchRemote, signal } = request;
  return { cwd, delimiter, encoding, fetchRemote, signal, readsAhead };
}

/** Each other table becomes a view of its name. They are read whole before the scan: a reference has to be all there. */
async function openOthers(
  others: readonly OtherTable[],
  request: ValidateRequest,
  db: DuckDb,
): Promise<TableSource[]> {
  const sources: TableSource[] = [];
  for (const { name, paths } of others) {
    if (name.toLowerCase() === "data")
      throw refusal("TABLE_NAME", "no table may be called data", "Rename it.");
    const source = await openTable(paths, db, sourceOptions(request, false));
    const columns = await planColumns(source, {}, db);
    await createView(name, engineTable(source, columns, "sure"), db);
    sources.push(source);
  }
  return sources;
}

function engineTable(
  source: TableSource,
  columns: readonly PlanColumn[],
  reading: "sure" | "optimistic",
): EngineTable {
  const identifiers = new Map(source.columns.map((column) => [column.name, column.sql]));
  const isOptimistic = reading === "optimistic" && source.optimistic !== undefined;
  return {
    sql: isOptimistic ? (source.optimistic?.sql ?? source.sql) : source.sql,
    columns,
    footers: source.format === "csv" ? [] : source.files.map((file) => file.readPath),
    quick: new Set(),
    ...(source.format === "csv" ? { forms: textForms(source, reading) } : {}),
    identifierOf: (name) => identifiers.get(name),
  };
}

function textForms(source: TableSource, reading: "sure" | "optimistic"): TextForms {
  const stored = source.columns.filter((column) => column.origin === "file");
  return {
    rows: () => source.likelyRows(),
    now: () => source.forms(),
    held: () => source.heldForms(),
    readable: new Set(stored.map((column) => column.name)),
    sql: (types) => source.typedSql(types, reading) ?? source.sql,
  };
}

function readPaths(source: TableSource): string[] {
  return source.files.map((file) => file.readPath);
}
