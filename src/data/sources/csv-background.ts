import { Background } from "./background.ts";
import { mapBounded } from "./bounded.ts";
import { type CheckedCsv, checkCsv } from "./csv-check.ts";
import type { OpenedCsv } from "./csv-table.ts";

/** So much of a table is looked at before anything is read in the hope that no value holds a line end. */
const firstLookBytes = 16 << 20;
const checksAtOnce = 2;

/** The check of all files of a CSV table, which goes on while the table is read. */
export class CsvBackground {
  /** Throws `not-evaluable` for text that is no CSV. */
  readonly checked: Promise<readonly CheckedCsv[]>;
  /** Resolves at the end, or as soon as a value with a line end was found; never throws. */
  readonly isParallelSafe: Promise<boolean>;
  /** Resolves when the first part was looked at, or all; never throws. */
  readonly firstLook: Promise<void>;
  readonly #background: Background<readonly CheckedCsv[]>;
  #state: "unknown" | "safe" | "unsafe" = "unknown";

  constructor(opened: readonly OpenedCsv[], signal: AbortSignal | undefined) {
    const [first, unsafe] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let bytes = 0;
    const onProgress = (more: number, hasQuotedLineEnds: boolean) => {
      bytes += more;
      if (hasQuotedLineEnds) {
        this.#state = "unsafe";
        unsafe.resolve();
      }
      if (bytes >= firstLookBytes || hasQuotedLineEnds) first.resolve();
    };
    this.#background = new Background(
      (ended) =>
        mapBounded(opened, checksAtOnce, async (one) => {
          const { input, header, sha256 } = one;
          const checked = await checkCsv(input, { header, signal: ended, onProgress });
          return { ...checked, sha256: sha256 ?? checked.sha256 };
        }),
      signal,
    );
    this.checked = this.#background.result;
    const settled = this.checked.then(
      (all) => {
        this.#state = all.some((one) => one.hasQuotedLineEnds) ? "unsafe" : "safe";
      },
      () => undefined,
    );
    this.firstLook = Promise.race([first.promise, settled]);
    this.isParallelSafe = Promise.race([unsafe.promise, settled]).then(() => this.#state === "safe");
  }

  get state(): "unknown" | "safe" | "unsafe" {
    return this.#state;
  }

  close(): void {
    this.#background.close();
  }
}
