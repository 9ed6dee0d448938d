import type { FailingRows } from "../plan/check.ts";
import type { Engine } from "../plan/engine.ts";
import { type Answer, keyOf, type Measure, type Value } from "../plan/measure.ts";
import { answerOne, explainOne, type SingleMeasure } from "./answer-one.ts";
import type { DuckDb, Row } from "./duckdb.ts";
import { examplesOf } from "./examples.ts";
import { failingRowsOf } from "./failing-rows.ts";
import { faultText, isMeasureFault } from "./fault.ts";
import { aggregatesPerScan, compileScan, isScanned, type ScannedMeasure } from "./scan.ts";
import type { EngineTable } from "./table-scope.ts";

export interface EngineParts {
  readonly db: DuckDb;
  readonly table: EngineTable;
}

/** Answers measures by DuckDB: what can be counted row by row in one scan, the others one by one. */
export function duckDbEngine(parts: EngineParts): Engine {
  return {
    async answer(measures) {
      const answers = new Map<string, Answer>();
      const { scans, singles } = sorted(measures);
      for (const scan of scans) await answerScan(scan, parts, answers);
      for (const measure of singles) answers.set(keyOf(measure), await answerSingle(measure, parts));
      return answers;
    },
    examples: (failing: FailingRows, limit: number) => examplesOf(failing, limit, parts),
    failingRows: (failing, wanted) => failingRowsOf(failing, wanted, parts),
    explain(measures) {
      const { scans, singles } = sorted(measures);
      return Promise.resolve([
        ...scans.map((scan) => compileScan(scan, parts.table).sql),
        ...singles.flatMap((measure) => explainOne(measure, parts.table)),
      ]);
    },
  };
}

interface Sorted {
  readonly scans: readonly (readonly ScannedMeasure[])[];
  readonly singles: readonly SingleMeasure[];
}

function sorted(measures: readonly Measure[]): Sorted {
  const scanned: ScannedMeasure[] = [];
  const singles: SingleMeasure[] = [];
  for (const measure of new Map(measures.map((one) => [keyOf(one), one])).values()) {
    if (isScanned(measure)) scanned.push(measure);
    else singles.push(measure);
  }
  const scans: ScannedMeasure[][] = [];
  for (let start = 0; start < scanned.length; start += aggregatesPerScan)
    scans.push(scanned.slice(start, start + aggregatesPerScan));
  return { scans, singles };
}

/** Where one measure of a scan has a fault, the halves are tried on their own, until it stands alone. */
async function answerScan(
  measures: readonly ScannedMeasure[],
  parts: EngineParts,
  answers: Map<string, Answer>,
): Promise<void> {
  try {
    const scan = compileScan(measures, parts.table);
    const [row] = await parts.db.query(scan.sql);
    for (const measure of measures) {
      const key = keyOf(measure);
      answers.set(key, answerOf(measure, row ?? {}, scan.names.get(key) ?? ""));
    }
  } catch (error) {
    if (!isMeasureFault(error)) throw error;
    const [first, ...others] = measures;
    if (first !== undefined && others.length === 0) {
      answers.set(keyOf(first), { kind: "error", message: faultText(error) });
      return;
    }
    const middle = Math.ceil(measures.length / 2);
    await answerScan(measures.slice(0, middle), parts, answers);
    await answerScan(measures.slice(middle), parts, answers);
  }
}

function answerOf(measure: ScannedMeasure, row: Row, name: string): Answer {
  const value: Value = row[name] ?? null;
  if (measure.kind !== "quantiles" && measure.kind !== "histogram") return { kind: "value", value };
  const nothing = measure.kind === "quantiles" ? measure.at.map(() => null) : [];
  return { kind: "values", values: Array.isArray(value) ? value : nothing };
}

async function answerSingle(measure: SingleMeasure, { db, table }: EngineParts): Promise<Answer> {
  try {
    return await answerOne(measure, db, table);
  } catch (error) {
    if (!isMeasureFault(error)) throw error;
    return { kind: "error", message: faultText(error) };
  }
}
