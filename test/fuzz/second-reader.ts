import { z } from "zod";
import { messageOf } from "../../src/errors.ts";
import { PythonLines } from "./python-lines.ts";

const figures = z.object({
  type: z.string(),
  /** Null or NaN. */
  missing: z.number(),
  infinite: z.number(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Rows whose value another row has too. */
  inDuplicates: z.number(),
  /** Rows by value, of text with few values. */
  counts: z.record(z.string(), z.number()).nullable(),
});

const answer = z.union([
  z.object({ error: z.string() }),
  z.object({ rows: z.number(), columns: z.record(z.string(), figures) }),
]);

export type SecondOpinion = z.infer<typeof answer>;
export type ReadFigures = Exclude<SecondOpinion, { error: string }>;

/** pyarrow, in a process that damaged files may crash: then they are unreadable. */
export class SecondReader {
  readonly #python = new PythonLines("read_parquet.py");

  async read(file: string): Promise<SecondOpinion> {
    try {
      return answer.parse(JSON.parse(await this.#python.ask(file)));
    } catch (error) {
      return { error: messageOf(error) };
    }
  }
}
