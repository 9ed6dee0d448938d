/** A line without an end must not fill the memory. */
const maximumLineLength = 2000;

/** Keeps the last lines of a text that comes in pieces. Of a progress bar (`\r`) only the last state is kept. */
export class LineTail {
  readonly #count: number;
  #lines: string[] = [];
  #open = "";

  constructor(count: number) {
    this.#count = count;
  }

  push(text: string): void {
    const parts = (this.#open + text).split(/\r?\n/);
    const open = parts.pop() ?? "";
    this.#lines = [...this.#lines, ...parts.map(tidy).filter((line) => line !== "")].slice(-this.#count);
    // A trailing \r may be the first half of \r\n.
    this.#open = open.slice(-maximumLineLength);
  }

  /** The last non-empty lines, oldest first, an unfinished one included. */
  lines(): readonly string[] {
    const open = tidy(this.#open);
    return open === "" ? this.#lines : [...this.#lines, open].slice(-this.#count);
  }
}

function tidy(line: string): string {
  const states = line.split("\r").filter((state) => state.trim() !== "");
  return (states.at(-1) ?? "").trimEnd().slice(0, maximumLineLength);
}
