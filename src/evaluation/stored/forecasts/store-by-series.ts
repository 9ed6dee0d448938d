import type { NaiveScale } from "../../../metrics/forecasting/naive-scales.ts";
import type { NumberChunk } from "../../read/number-chunks.ts";
import { planReading, sinksOf } from "../../read/plan-reading.ts";
import { type FloatSink, floatSink } from "../../read/sinks.ts";
import { fullDisk } from "../disk-room.ts";
import { GroupFields } from "../group-fields.ts";
import { inNameOrder, type NameColumn, type NameKey } from "../name-order.ts";
import { closeFiles, makeFiles, type NumberFiles, writeRows } from "../numbers/number-files.ts";
import { columnsOf, type RowCheck } from "../numbers/number-rows.ts";
import { type StoredNumbers, storedNumbers } from "../numbers/stored-numbers.ts";
import { type Block, readBlocks } from "../read-blocks.ts";
import type { StoredEvaluation, StoreRequest } from "../stored-evaluation.ts";
import { tooFewRows } from "../too-few-rows.ts";

/** More rows than any chunk of the engine has. */
const blockRows = 2 ** 16;

interface SeriesOrder {
  readonly request: StoreRequest;
  readonly check: RowCheck;
  readonly name: NameColumn;
  /** Finds the scales of series, whose keys ascend; undefined where they stand in the table, or are not measured by. */
  readonly scaleOf: ((key: NameKey) => Promise<NaiveScale | undefined>) | undefined;
}

/** How many series have no scale. */
interface Unscaled {
  absent: number;
  /** Too short for a season. */
  short: number;
}

/**
 * The rows once more, series after series: DuckDB sorts, on disk where it must. Beside what was stored there is a number for each series,
 * and the scales that were found. All rows must have been read before, and none refused.
 */
export async function storeBySeries(
  { request: { watch }, db, source, uri }: StoredEvaluation,
  asked: SeriesOrder,
): Promise<StoredNumbers & Unscaled> {
  const { request, check, name, scaleOf } = asked;
  const { look, columns } = request;
  const { rows } = look.facts;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: blockRows });
  const groups = new GroupFields(reading, columns.subgroups);
  const numbered = new Numbered(scaleOf);
  const rowColumns = (count: number) => {
    const own = columnsOf(reading, count);
    const found = numbered.sinks.map((sink) => sink.values.subarray(0, count));
    return { ...own, more: [...found.map(doubles), ...own.more] };
  };
  const how = { prefix: "by-series-", hasGroups: columns.subgroups.length > 0 };
  const files: NumberFiles = await makeFiles(db.folder, rowColumns(0), how);
  let done = 0;
  watch.phase("sorting by series", 3, 3);
  watch.follow(() => (done === 0 ? db.progress() : (100 * done) / rows));
  try {
    const sinks = sinksOf(reading);
    const sqls = sinks.map((sink) => sink.sql);
    const found = await readBlocks(numbered.chunks(inNameOrder(db, source, { name, sqls })), {
      ...{ sinks: [...numbered.sinks, ...sinks], blockRows, rows },
      write: async (block: Block) => await writeRows(files, rowColumns(block.rows), { ...block, groups }),
      onRows: (read) => {
        done = read;
      },
    });
    if (found !== rows) throw tooFewRows(uri, { found, rows, what: "sorted by series" });
    return { ...storedNumbers({ rows, check, files, groups }), ...numbered.unscaled };
  } catch (error) {
    await closeFiles(files);
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

function doubles(values: FloatSink["values"]): Float64Array {
  if (values instanceof Float64Array) return values;
  throw new RangeError("scales are doubles");
}

/** Puts before each row the number of its series, and its scales where they are looked for. */
class Numbered {
  readonly unscaled: Unscaled = { absent: 0, short: 0 };
  readonly sinks: readonly FloatSink[];
  readonly #scaleOf: SeriesOrder["scaleOf"];

  constructor(scaleOf: SeriesOrder["scaleOf"]) {
    this.#scaleOf = scaleOf;
    const count = scaleOf === undefined ? 1 : 3;
    this.sinks = Array.from({ length: count }, () => floatSink("", blockRows));
  }

  async *chunks(sorted: ReturnType<typeof inNameOrder>): AsyncIterable<NumberChunk> {
    const last = [-1, Number.NaN, Number.NaN];
    for await (const { rows, columns, gaps, starts, keyAt } of sorted) {
      const found = this.sinks.map((_, index) => new Float64Array(rows).fill(last[index] ?? Number.NaN));
      for (const start of starts) {
        const { mae, rmse } = await this.#scale(keyAt(start));
        for (const [index, value] of [(last[0] ?? 0) + 1, mae, rmse].entries()) {
          last[index] = value;
          found[index]?.fill(value, start);
        }
      }
      yield { rows, columns: [...found, ...columns], gaps: [...found.map(() => undefined), ...gaps] };
    }
  }

  async #scale(key: NameKey): Promise<NaiveScale> {
    const none = { mae: Number.NaN, rmse: Number.NaN };
    if (this.#scaleOf === undefined) return none;
    const scale = await this.#scaleOf(key);
    if (scale === undefined) this.unscaled.absent += 1;
    else if (Number.isNaN(scale.mae)) this.unscaled.short += 1;
    return scale ?? none;
  }
}
