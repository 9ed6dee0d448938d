import { Background } from "./background.ts";
import { mapBounded } from "./bounded.ts";
import { type CheckedCsv, type CsvSoFar, checkCsv } from "./csv-check.ts";
import { commonForms, type FieldForms, heldByAll } from "./csv-forms.ts";
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
  /** Resolves at the end to the forms that all fields have, to none where the check failed; never throws. */
  readonly heldForms: Promise<FieldForms>;
  readonly #background: Background<readonly CheckedCsv[]>;
  #state: "unknown" | "safe" | "unsafe" = "unknown";
  readonly #offered: FieldForms;
  #bytes = 0;
  /** In all; undefined for compressed files. */
  readonly #sizeBytes: number | undefined;
  /** By file. */
  readonly #soFar = new Map<OpenedCsv, CsvSoFar>();

  constructor(opened: readonly OpenedCsv[], signal: AbortSignal | undefined) {
    const [first, unsafe] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const isPlain = opened.every((one) => one.input.compression === "none");
    this.#sizeBytes = isPlain ? opened.reduce((sum, one) => sum + one.file.sizeBytes, 0) : undefined;
    this.#offered = commonForms(opened.map((one) => one.forms));
    const progressOf = (one: OpenedCsv) => (more: number, soFar: CsvSoFar) => {
      this.#bytes += more;
      this.#soFar.set(one, soFar);
      const { hasQuotedLineEnds } = soFar;
      if (hasQuotedLineEnds) {
        this.#state = "unsafe";
        unsafe.resolve();
      }
      if (this.#bytes >= firstLookBytes || hasQuotedLineEnds) first.resolve();
    };
    this.#background = new Background(
      (ended) =>
        mapBounded(opened, checksAtOnce, async (one) => {
          const { input, header, sha256 } = one;
          const how = { header, forms: this.#offered, signal: ended, onProgress: progressOf(one) };
          const checked = await checkCsv(input, how);
          this.#soFar.set(one, checked);
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
    this.heldForms = this.checked.then(
      () => this.forms,
      () => new Map(),
    );
    this.firstLook = Promise.race([first.promise, settled]);
    this.isParallelSafe = Promise.race([unsafe.promise, settled]).then(() => this.#state === "safe");
  }

  get state(): "unknown" | "safe" | "unsafe" {
    return this.#state;
  }

  /** About how many rows there are, as far as they were looked at; undefined where nothing tells. */
  get rows(): number | undefined {
    const found = this.#soFar.values().reduce((sum, one) => sum + one.rows, 0);
    return found === 0 || this.#sizeBytes === undefined ? undefined : (found / this.#bytes) * this.#sizeBytes;
  }

  /** The forms that no field has broken so far. */
  get forms(): FieldForms {
    return heldByAll(
      this.#offered,
      [...this.#soFar.values()].map((one) => one.forms),
    );
  }

  close(): void {
    this.#background.close();
  }
}
