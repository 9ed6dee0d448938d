import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { messageOf } from "../../src/errors.ts";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";
import { runPython } from "../support/python.ts";
import { type Damage, damage, damaged } from "./damage.ts";
import { PythonLines } from "./python-lines.ts";
import { FuzzRunner, type Outcome } from "./runner.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);
const python = new PythonLines("compare_arrow.py");
const timeout = 1_800_000;

beforeAll(async () => {
  const script = path.join(import.meta.dirname, "write_arrow.py");
  const written = await runPython({ args: [script, folder], cwd: folder });
  expect(written.exitCode, written.stderr).toBe(0);
});

const originals = ["file.arrow", "stream.arrows", "lz4.feather", "zstd.feather"] as const;
const rowsFile = "rows.parquet";

/** A rule that every row breaks, so that `--failing-rows` keeps every row as it was read; only a warning, so that it passes. */
const contract = 'checks:\n  - {assert: "false", severity: warn}\n';

async function outcomeOf(bytes: Uint8Array): Promise<Outcome> {
  rmSync(path.join(folder, rowsFile), { force: true });
  const files = [
    { name: "x.arrow", bytes },
    { name: "contract.yaml", bytes: contract },
  ];
  const keep = ["--failing-rows", rowsFile, "--show-values", "--max-null-ratio", "1"];
  return await runner.run(files, ["--data-path", "x.arrow", ...keep]);
}

const opinion = z.union([
  /** `changed`: the columns that were read otherwise than they were before the damage. */
  z.object({ error: z.string(), changed: z.array(z.string()) }),
  z.object({ rows: z.number(), different: z.array(z.string()) }),
]);

/** What pyarrow thinks of the file, and of the rows that were kept; damaged files may crash it: then they are unreadable. */
async function opinionOfPyarrow(original: string): Promise<z.infer<typeof opinion>> {
  const paths = ["x.arrow", rowsFile, original].map((name) => path.join(folder, name));
  try {
    return opinion.parse(JSON.parse(await python.ask(JSON.stringify(paths))));
  } catch (error) {
    return { error: messageOf(error), changed: [] };
  }
}

/**
 * What pyarrow refuses and what is read all the same, because no value depends on it: places of metadata that is not used,
 * the settings of an LZ4 frame.
 */
const harmless =
  /flatbuffer-encoded Footer failed|Invalid flatbuffers message|LZ4 decompress failed: ERROR_(headerChecksum|reservedFlag|maxBlockSize)/;

/** Made the scale of a decimal a part of another number, in the stream. */
const misplacedScale: Damage = { kind: "flip", at: 0.008206, bit: 0 };

describe("Arrow bytes", () => {
  it.each(originals)(
    "are read as pyarrow reads them, or refused: %s",
    async (name) => {
      const original = readFileSync(path.join(folder, name));
      expect((await outcomeOf(original)).exitCode, "undamaged").toBe(0);
      await fc.assert(
        fc.asyncProperty(damage, async (one) => {
          const outcome = await outcomeOf(damaged(original, [one]));
          if (outcome.exitCode !== 0 && outcome.exitCode !== 3) return;
          const found = await opinionOfPyarrow(name);
          if ("error" in found) {
            expect(found.error, "refused by pyarrow, not by us").toMatch(harmless);
            expect(found.changed, found.error).toEqual([]);
          } else {
            expect(found.different, "columns of other values").toEqual([]);
            expect(outcome.report?.dataset.rows, "rows").toBe(found.rows);
          }
        }),
        { numRuns: times(60, 700), examples: [[misplacedScale]] },
      );
    },
    timeout,
  );
});
