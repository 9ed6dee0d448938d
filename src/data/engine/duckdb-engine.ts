import type { Engine } from "../plan/engine.ts";
import { type Answer, keyOf, type Measure } from "../plan/measure.ts";
import { answerOne, explainOne, type SingleParts } from "./answer-one.ts";
import type { DuckDb } from "./duckdb.ts";
import { findExamples } from "./examples.ts";
import { readFacts, type TableFacts } from "./facts.ts";
import { failingRowsOf } from "./failing-rows.ts";
import { FailingTexts } from "./failing-texts.ts";
import { faultText, isMeasureFault } from "./fault.ts";
import { finiteItem } from "./finite-item.ts";
import { writeFailingRows } from "./keep-rows.ts";
import { keyBitsItem } from "./key-bits.ts";
import { proven } from "./proven.ts";
import { aggregatesPerScan, compileScan, isScanned, plainItem, type ScanItem } from "./scan.ts";
import type { EngineTable } from "./table-scope.ts";
import { refusedUserSql } from "./user-sql.ts";

export interface EngineParts {
  readonly db: DuckDb;
  readonly table: EngineTable;
}

/**
 * Answers measures by DuckDB, in this order: what the footers of Parquet files prove, one scan for all that can be counted row
 * by row, then queries of their own for the rest.
 */
export function duckDbEngine({ db, table }: EngineParts): Engine {
  const parts = { db, table, texts: new FailingTexts(db) };
  return {
    answer: async (measures) => await answerAll(different(measures), parts),
    examples: (failing, limit) => findExamples(failing, limit, parts),
    failingRows: (failing, wanted) => failingRowsOf(failing, wanted, parts),
    keepRows: (request) => writeFailingRows(request, parts),
    async explain(measures) {
      const asked = different(measures);
      const facts = await readFacts(asked, parts.table, parts.db);
      const { items, singles } = sorted(asked, facts, parts.table);
      return [
        ...chunks(items).map((chunk) => compileScan(chunk, parts.table).sql),
        ...singles.flatMap((measure) => explainOne(measure, parts)),
      ];
    },
  };
}

function different(measures: readonly Measure[]): Measure[] {
  return [...new Map(measures.map((one) => [keyOf(one), one])).values()];
}

type Answers = Map<string, Answer>;

async function answerAll(measures: readonly Measure[], parts: SingleParts): Promise<Answers> {
  const answers: Answers = new Map();
  const asked: Measure[] = [];
  for (const measure of measures) {
    const message = await refusedUserSql(measure, parts.db);
    if (message === undefined) asked.push(measure);
    else answers.set(keyOf(measure), { kind: "error", message });
  }
  const facts = await readFacts(asked, parts.table, parts.db);
  const { known, items, singles } = sorted(asked, facts, parts.table);
  for (const [measure, answer] of known) answers.set(keyOf(measure), answer);
  await answerItems(items, parts, answers);
  // What a shortcut could not settle is asked for as it is.
  const open = asked.filter((measure) => !answers.has(keyOf(measure)) && !singles.includes(measure));
  await answerItems(open.filter(isScanned).map(plainItem), parts, answers);
  for (const measure of [...singles, ...open.filter((one) => !isScanned(one))])
    answers.set(keyOf(measure), await answerSingle(measure, parts));
  return answers;
}

interface Sorted {
  readonly known: readonly (readonly [Measure, Answer])[];
  readonly items: readonly ScanItem[];
  readonly singles: readonly Measure[];
}

function sorted(
  measures: readonly Measure[],
  facts: TableFacts | undefined,
  { columns }: EngineTable,
): Sorted {
  const known: [Measure, Answer][] = [];
  const items: ScanItem[] = [];
  const singles: Measure[] = [];
  for (const measure of measures) {
    const answer = facts === undefined ? undefined : proven(measure, facts, columns);
    const item = keyBitsItem(measure, facts, columns) ?? finiteItem(measure, facts, columns);
    if (answer !== undefined) known.push([measure, answer]);
    else if (item !== undefined) items.push(item);
    else if (isScanned(measure)) items.push(plainItem(measure));
    else singles.push(measure);
  }
  return { known, items, singles };
}

function chunks(items: readonly ScanItem[]): ScanItem[][] {
  const found: ScanItem[][] = [];
  for (let start = 0; start < items.length; start += aggregatesPerScan)
    found.push(items.slice(start, start + aggregatesPerScan));
  return found;
}

async function answerItems(items: readonly ScanItem[], parts: SingleParts, answers: Answers): Promise<void> {
  for (const chunk of chunks(items)) await answerScan(chunk, parts, answers);
}

/** Where one measure of a scan has a fault, the halves are tried on their own, until it stands alone. */
async function answerScan(items: readonly ScanItem[], parts: SingleParts, answers: Answers): Promise<void> {
  try {
    const scan = compileScan(items, parts.table);
    const [row] = await parts.db.query(scan.sql);
    for (const [index, item] of items.entries()) {
      const answer = item.answer((scan.names[index] ?? []).map((name) => row?.[name] ?? null));
      if (answer !== undefined) answers.set(keyOf(item.measure), answer);
    }
  } catch (error) {
    if (!isMeasureFault(error)) throw error;
    const [first, ...others] = items;
    if (first !== undefined && others.length === 0) {
      answers.set(keyOf(first.measure), { kind: "error", message: faultText(error) });
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await answerScan(items.slice(0, middle), parts, answers);
    await answerScan(items.slice(middle), parts, answers);
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
