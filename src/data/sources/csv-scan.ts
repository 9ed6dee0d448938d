import { scanGlobals, scanModule } from "./csv-scan-code.ts";

/** What the fast scan of a whole text found. */
export type CsvScanResult =
  | {
      readonly isRegular: true;
      /** Lines of the table, header included, blank ones left out. */
      readonly records: number;
      readonly blankLines: number;
      readonly hasQuotedLineEnds: boolean;
    }
  /** Quotes, carriage returns or NUL bytes stand in unusual places: `countRecords` has to look. */
  | { readonly isRegular: false };

const blockBytes = 64;
const roomBytes = 1 << 18;
const pages = roomBytes / 65_536;
const lineFeed = 0x0a;
let compiled: WebAssembly.Module | undefined;

/**
 * Counts the records of a CSV text whose lines end with LF or CR LF, as `countRecords` does, at the speed of memory; a text that
 * needs a closer look is called irregular. `delimiter` is one ASCII byte.
 */
export class CsvScan {
  readonly #memory: Uint8Array;
  readonly #scan: (start: number, end: number) => void;
  readonly #globals: ReadonlyMap<string, WebAssembly.Global>;
  readonly #delimiter: number;
  #filled = 0;
  #lastByte = lineFeed;

  constructor(delimiter: number) {
    compiled ??= new WebAssembly.Module(scanModule(pages));
    const { exports } = new WebAssembly.Instance(compiled);
    const { memory, scan } = exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof scan !== "function")
      throw new TypeError("the scan module has no memory or no scan");
    this.#memory = new Uint8Array(memory.buffer);
    this.#scan = (start, end) => scan(start, end);
    this.#globals = new Map(
      ["delimiter", ...scanGlobals].flatMap((name) => {
        const found = exports[name];
        return found instanceof WebAssembly.Global ? [[name, found] as const] : [];
      }),
    );
    this.#delimiter = delimiter;
    this.#global("delimiter").value = delimiter;
    this.#global("fieldMayBegin").value = 1n;
    this.#global("lineBegins").value = 1n;
  }

  push(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + roomBytes - this.#filled);
      this.#memory.set(part, this.#filled);
      this.#filled += part.length;
      start += part.length;
      this.#scanWhole();
    }
    this.#lastByte = chunk.at(-1) ?? this.#lastByte;
  }

  /** So far; a text that proves irregular later may have none in truth. */
  get hasQuotedLineEnds(): boolean {
    return this.#count("quotedLineEnds") > 0;
  }

  /** Call once, after the last chunk. */
  end(): CsvScanResult {
    const rest = this.#filled % blockBytes;
    const endsLine = this.#lastByte === lineFeed;
    if (rest > 0) {
      // Delimiters change no count and may stand behind everything.
      this.#memory.fill(this.#delimiter, this.#filled, this.#filled + blockBytes - rest);
      this.#filled += blockBytes - rest;
      this.#scanWhole();
    }
    const isOpen = this.#count("inQuotes") !== 0 || this.#count("carriageReturn") !== 0;
    if (isOpen || this.#count("irregular") !== 0) return { isRegular: false };
    const blankLines = this.#count("blankLines");
    const records = this.#count("lines") - blankLines + (endsLine ? 0 : 1);
    return { isRegular: true, records, blankLines, hasQuotedLineEnds: this.hasQuotedLineEnds };
  }

  #scanWhole(): void {
    const end = this.#filled - (this.#filled % blockBytes);
    this.#scan(0, end);
    this.#memory.copyWithin(0, end, this.#filled);
    this.#filled -= end;
  }

  #count(name: (typeof scanGlobals)[number]): number {
    return Number(this.#global(name).value);
  }

  #global(name: string): WebAssembly.Global {
    const found = this.#globals.get(name);
    if (found === undefined) throw new TypeError(`the scan module has no global ${name}`);
    return found;
  }
}
