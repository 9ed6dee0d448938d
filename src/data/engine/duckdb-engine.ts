import { messageOf } from "../../errors.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Engine } from "../plan/engine.ts";
import { type Answer, keyOf, type Measure } from "../plan/measure.ts";
import { answerOne, explainOne, type SingleParts } from "./answer-one.ts";
import type { TableFacts } from "./column-facts.ts";
import type { DuckDb } from "./duckdb.ts";
import { rowsOf } from "./element-table.ts";
import type { EngineTable } from "./engine-table.ts";
import { Examples } from "./examples.ts";
import { factItems } from "./facts.ts";
import { failingRowsOf } from "./failing-rows.ts";
import { FailingTexts } from "./failing-texts.ts";
import { faultText, isMeasureFault } from "./fault.ts";
import { writeFailingRows } from "./keep-rows.ts";
import { type KeyBits, keyBits } from "./key-bits.ts";
import { guessKeyRanges, type KeyRange } from "./key-range.ts";
import { provable, proven } from "./proven.ts";
import { asRead, brokenForms, type QuickColumns, quickColumns } from "./quick-reading.ts";
import { compileScan, isScanned, plainItem, type ScanItem, scansOf } from "./scan.ts";
import { refusedUserSql } from "./user-sql.ts";

export interface EngineParts {
  readonly db: DuckDb;
  readonly table: EngineTable;
}

/**
 * Answers measures by DuckDB: one scan for all that can be counted row by row, a second for what the extremes of the first did
 * not prove (rules that are broken), then queries of their own for the rest. The same for each list whose elements are asked about.
 */
export function duckDbEngine({ db, table }: EngineParts): Engine {
  const parts = { db, table, texts: new FailingTexts(db) };
  const examples = new Examples(parts);
  // The first rows are looked at once, however often the engine is asked.
  let quick: Promise<QuickColumns> | undefined;
  const quickOnce = () => {
    quick ??= quickColumns(table, db);
    return quick;
  };
  return {
    async answer(measures) {
      const read = { ...table, ...(await quickOnce()) };
      return await answerAll(different(measures), { ...parts, table: read });
    },
    examples: (failing, limit) => examples.find(failing, limit),
    failingRows: (wanted, columns) => failingRowsOf(wanted, columns, parts),
    keepRows: (request) => writeFailingRows(request, parts),
    async explain(measures) {
      const read = { ...table, ...(await quickOnce()) };
      const queries: string[] = [];
      for (const group of byRows(different(measures), read))
        queries.push(...(await explainGroup(group, parts)));
      return queries;
    },
  };
}

/** Measures over the same rows: those of the table, or the elements of one list. */
interface Group {
  readonly measures: readonly Measure[];
  readonly rows: EngineTable;
}

function byRows(measures: readonly Measure[], table: EngineTable): Group[] {
  const groups = Map.groupBy(measures, (measure) => measure.elementsOf?.name);
  return [...groups.values()].map(
    (group): Group => ({ measures: group, rows: rowsOf(group[0] ?? {}, table) }),
  );
}

async function explainGroup({ measures, rows }: Group, parts: SingleParts): Promise<string[]> {
  const { items, later, ranges } = await firstScanOf(measures, { ...parts, rows }, new Map());
  const singles = measures.filter(
    (measure) => !isScanned(measure) && keyBits(measure, { ranges, table: rows }, () => {}) === undefined,
  );
  return [
    ...[...scansOf(items), ...later.map((one) => [one])].map((chunk) => compileScan(chunk, rows).sql),
    ...singles.flatMap((measure) => explainOne(measure, parts)),
  ];
}

function different(measures: readonly Measure[]): Measure[] {
  return [...new Map(measures.map((one) => [keyOf(one), one])).values()];
}

type Answers = Map<string, Answer>;

async function answerAll(measures: readonly Measure[], parts: SingleParts): Promise<Answers> {
  const reasons = await refusedUserSql(measures, parts.db);
  const refused = new Map(
    [...reasons].map(([key, message]): [string, Answer] => [key, { kind: "error", message }]),
  );
  const asked = measures.filter((measure) => !refused.has(keyOf(measure)));
  const answers = new Map(refused);
  for (const group of byRows(asked, parts.table))
    for (const [key, answer] of await answerGroup(group, parts)) answers.set(key, answer);
  return answers;
}

async function answerGroup({ measures, rows }: Group, parts: SingleParts): Promise<Answers> {
  let { quick, typed = new Set<string>() } = rows;
  for (;;) {
    const inexact = new Set<string>();
    try {
      const answers = await answerAsked(measures, { ...parts, rows: { ...rows, quick, typed }, inexact });
      if (inexact.size === 0) return answers;
      // What was found with a wrong reading is found again with the right one.
      quick = quick.difference(inexact);
    } catch (error) {
      if (typed.size === 0 || !messageOf(error).includes("CSV Error")) throw error;
      // The reader threw at a text that is not of its column's type, or at a row that is none, which it will throw at again.
      quick = quick.difference(unreadColumns(error, rows));
      typed = new Set();
    }
  }
}

/** The column at which DuckDB's reader threw. */
function unreadColumns(error: unknown, { columns, identifierOf }: EngineTable): ReadonlySet<string> {
  const identifier = /converting column ("[^"]*")/.exec(messageOf(error))?.[1];
  const found = columns.filter((column) => identifierOf(column.name) === identifier);
  return new Set(identifier === undefined ? [] : found.map((column) => column.name));
}

interface AskedParts extends SingleParts {
  /** What is scanned: the table as it is read now, or its elements. */
  readonly rows: EngineTable;
  /** Columns whose quick reading turns out to be wrong are added to it; then the answers are worth nothing. */
  readonly inexact: Set<string>;
}

async function answerAsked(asked: readonly Measure[], parts: AskedParts): Promise<Answers> {
  const answers: Answers = new Map();
  const { items, later, facts, byName } = await firstScanOf(asked, parts, answers);
  await answerItems(items, parts);
  for (const item of later) if (parts.inexact.size === 0) await answerItems([item], parts);
  for (const measure of asked) {
    const answer = proven(measure, facts, byName);
    if (answer !== undefined) answers.set(keyOf(measure), answer);
  }
  // What the shortcuts could not settle is asked for as it is.
  const open = asked.filter((measure) => !answers.has(keyOf(measure)));
  const plain = open.filter(isScanned).map((measure) => plainItem(measure, settler(measure, answers)));
  if (parts.inexact.size === 0) await answerItems(plain, parts);
  if (parts.inexact.size > 0) return answers;
  // Only scans count what is inexact: queries of their own read the strict way.
  const strict = { ...parts, table: { ...parts.table, quick: new Set<string>() } };
  for (const measure of open) {
    if (!isScanned(measure)) answers.set(keyOf(measure), await answerSingle(measure, strict));
  }
  return answers;
}

interface FirstScan {
  readonly ranges: ReadonlyMap<string, KeyRange>;
  readonly facts: TableFacts;
  readonly answers: Answers;
  readonly byName: ReadonlyMap<string, PlanColumn>;
  readonly table: EngineTable;
}

/** The first scan of `answer`, which settles `answers`, as `explain` shows it. */
async function firstScanOf(
  asked: readonly Measure[],
  { rows, db }: Pick<AskedParts, "rows" | "db">,
  answers: Answers,
): Promise<FirstScan & FirstItems> {
  const byName = new Map(asRead(rows.columns, rows.quick).map((column) => [column.name, column]));
  const facts: TableFacts = new Map();
  const ranges = await guessKeyRanges(asked, rows, db);
  const scan = { ranges, facts, answers, byName, table: rows };
  return { ...scan, ...firstItems(asked, scan) };
}

interface FirstItems {
  readonly items: readonly ScanItem[];
  /** Of which each has a scan of its own. */
  readonly later: readonly ScanItem[];
}

/**
 * What the first scan is asked: columns for their facts, and what these cannot settle. What they could settle and do not, for a
 * rule is broken, is asked by a second scan.
 */
function firstItems(measures: readonly Measure[], scan: FirstScan): FirstItems {
  const { facts, answers, byName } = scan;
  const bits: KeyBits[] = [];
  const direct = measures.flatMap((measure): ScanItem[] => {
    const settle = settler(measure, answers);
    if (provable(measure, byName) !== undefined) return [];
    const found = keyBits(measure, scan, settle);
    if (found !== undefined) bits.push(found);
    if (found !== undefined) return [found.first];
    return isScanned(measure) ? [plainItem(measure, settle)] : [];
  });
  return {
    items: [...factItems(measures, byName, facts), ...direct],
    later: bits.flatMap(({ later }) => later),
  };
}

function settler(measure: Measure, answers: Answers): (answer: Answer) => void {
  return (answer) => answers.set(keyOf(measure), answer);
}

async function answerItems(items: readonly ScanItem[], parts: AskedParts): Promise<void> {
  for (const chunk of scansOf(items)) await answerScan(chunk, parts);
}

/** Where one item of a scan has a fault, the halves are tried on their own, until it stands alone. */
async function answerScan(items: readonly ScanItem[], parts: AskedParts): Promise<void> {
  try {
    const scan = compileScan(items, parts.rows);
    const [row] = await parts.db.query(scan.sql);
    for (const [index, item] of items.entries())
      item.take((scan.names[index] ?? []).map((name) => row?.[name] ?? null));
    for (const [name, count] of scan.inexact) if (Number(row?.[count]) > 0) parts.inexact.add(name);
    for (const name of await brokenForms(scan.trusted, parts.rows)) parts.inexact.add(name);
  } catch (error) {
    if (!isMeasureFault(error)) throw error;
    const [first, ...others] = items;
    if (first !== undefined && others.length === 0) return first.fail(faultText(error));
    const middle = Math.ceil(items.length / 2);
    await answerScan(items.slice(0, middle), parts);
    await answerScan(items.slice(middle), parts);
  }
}

async function answerSingle(measure: Measure, parts: SingleParts): Promise<Answer> {
  try {
    return await answerOne(measure, parts);
  } catch (error) {
    if (!isMeasureFault(error)) throw error;
    return { kind: "error", message: faultText(error) };
  }
}
