import { fieldForms, placeGlobals } from "./csv-form-code.ts";
import type { FieldForms } from "./csv-forms.ts";
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
const pageBytes = 65_536;
const roomBytes = 1 << 18;
/** A page for the forms of the columns and the end of the text before, one behind the text that vectors may reach into. */
const [textStart, pages] = [pageBytes, 2 + roomBytes / pageBytes];
const mostColumns = pageBytes - blockBytes;
/** The place of fields whose record is the header: no column has it. */
const headerPlace = 1 << 30;
const lineFeed = 0x0a;
let compiled: WebAssembly.Module | undefined;

/**
 * Counts the records of a CSV text whose lines end with LF or CR LF, as `countRecords` does, at the speed of memory; a text that
 * needs a closer look is called irregular. `delimiter` is one ASCII byte. Of the fields below the header it says whether they have
 * `forms`; what it says of an irregular text is worth nothing.
 */
export class CsvScan {
  readonly #memory: Uint8Array;
  readonly #scan: (start: number, end: number) => void;
  readonly #globals: ReadonlyMap<string, WebAssembly.Global>;
  readonly #delimiter: number;
  #filled = 0;
  #lastByte = lineFeed;

  readonly #forms: FieldForms;

  constructor(delimiter: number, forms: FieldForms = new Map()) {
    compiled ??= new WebAssembly.Module(scanModule(pages));
    const { exports } = new WebAssembly.Instance(compiled);
    const { memory, scan } = exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof scan !== "function")
      throw new TypeError("the scan module has no memory or no scan");
    this.#memory = new Uint8Array(memory.buffer);
    this.#scan = (start, end) => scan(start, end);
    this.#globals = new Map(
      [...placeGlobals, ...scanGlobals].flatMap((name) => {
        const found = exports[name];
        return found instanceof WebAssembly.Global ? [[name, found] as const] : [];
      }),
    );
    this.#delimiter = delimiter;
    this.#forms = new Map([...forms].filter(([place]) => place < mostColumns));
    for (const [place, form] of this.#forms) this.#memory[place] = fieldForms[form];
    this.#global("columns").value = this.#forms.size === 0 ? 0 : Math.max(...this.#forms.keys()) + 1;
    this.#global("place").value = headerPlace;
    this.#global("fieldStart").value = textStart;
    this.#global("delimiter").value = delimiter;
    this.#global("fieldMayBegin").value = 1n;
    this.#global("lineBegins").value = 1n;
  }

  push(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + roomBytes - this.#filled);
      this.#memory.set(part, textStart + this.#filled);
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

  /** So far, blank lines among them. */
  get rows(): number {
    return Math.max(0, this.#count("lines") - 1);
  }

  /** The forms that no field has broken so far. */
  get forms(): FieldForms {
    return new Map([...this.#forms].filter(([place]) => this.#memory[place] !== 0));
  }

  /** Call once, after the last chunk. */
  end(): CsvScanResult {
    const rest = this.#filled % blockBytes;
    const endsLine = this.#lastByte === lineFeed;
    // Delimiters change no count and may stand behind everything; they end the last field.
    const end = textStart + this.#filled;
    this.#memory.fill(this.#delimiter, end, end + blockBytes - rest);
    this.#filled += blockBytes - rest;
    this.#scanWhole();
    const isOpen = this.#count("inQuotes") !== 0 || this.#count("carriageReturn") !== 0;
    if (isOpen || this.#count("irregular") !== 0) return { isRegular: false };
    const blankLines = this.#count("blankLines");
    const records = this.#count("lines") - blankLines + (endsLine ? 0 : 1);
    return { isRegular: true, records, blankLines, hasQuotedLineEnds: this.hasQuotedLineEnds };
  }

  #scanWhole(): void {
    const end = this.#filled - (this.#filled % blockBytes);
    this.#scan(textStart, textStart + end);
    // What stands before a block belongs to fields that end in it.
    const before = textStart - blockBytes;
    this.#memory.copyWithin(before, before + end, textStart + this.#filled);
    this.#filled -= end;
    const fieldStart = this.#global("fieldStart");
    // A field that began long ago has no form, wherever exactly it began.
    fieldStart.value = Math.max(0, Number(fieldStart.value) - end);
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
