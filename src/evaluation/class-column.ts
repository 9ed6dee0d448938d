const mostShown = 10;

/** A column of class names. Which of them counts as 1 is known once all are seen. */
export class ClassColumn {
  readonly #name: string;
  readonly #positiveClass: string;
  readonly #codes: number[] = [];
  readonly #codeOf = new Map<string, number>();
  #missing: number | undefined;
  #missingCount = 0;

  /** `name` is for messages: `the label column "death"`. */
  constructor(name: string, positiveClass: string) {
    this.#name = name;
    this.#positiveClass = positiveClass;
  }

  get rows(): number {
    return this.#codes.length;
  }

  add(cell: unknown): void {
    if (cell === null || cell === undefined) {
      this.#missing ??= this.#codes.length + 1;
      this.#missingCount += 1;
      this.#codes.push(-1);
      return;
    }
    const name = String(cell);
    const code = this.#codeOf.get(name) ?? this.#codeOf.size;
    this.#codeOf.set(name, code);
    this.#codes.push(code);
  }

  /** Of truths: two classes at most, and the positive one must be there. */
  labelProblems(uri: string): string[] {
    const names = this.#names();
    const problems = this.#missingProblems(uri);
    if (names.length > 0 && this.#positives().size === 0)
      problems.push(
        `${uri}: no value of ${this.#name} is ${JSON.stringify(this.#positiveClass)} (--positive-class); it has ${shown(names)}`,
      );
    const classes = new Set(names.map(canonical)).size;
    if (classes > 2)
      problems.push(`${uri}: ${this.#name} has ${classes} classes, expected two: ${shown(names)}`);
    return problems;
  }

  /** Of predictions: classes of the labels, or 0 and 1. A model may well never predict the positive class. */
  predictionProblems(uri: string, labels: ClassColumn): string[] {
    const problems = this.#missingProblems(uri);
    const known = new Set(labels.#names().map(canonical));
    const strange = this.#names().filter((name) => !known.has(canonical(name)));
    if (strange.length > 0 && !this.#isEncoded())
      problems.push(`${uri}: ${this.#name} holds ${shown(strange)}, which no label is`);
    return problems;
  }

  /** 1 where the row is of the positive class, else 0. */
  array(): Float64Array {
    const positives = this.#positives();
    if (positives.size > 0 || !this.#isEncoded())
      return Float64Array.from(this.#codes, (code) => (positives.has(code) ? 1 : 0));
    const ones = new Set(
      [...this.#codeOf].filter(([name]) => canonical(name) === "1").map(([, code]) => code),
    );
    return Float64Array.from(this.#codes, (code) => (ones.has(code) ? 1 : 0));
  }

  /** The name itself where it is there; else what is the same number or truth value: 1 and 1.0, True and true. */
  #positives(): ReadonlySet<number> {
    const exact = this.#codeOf.get(this.#positiveClass);
    if (exact !== undefined) return new Set([exact]);
    const meant = canonical(this.#positiveClass);
    return new Set([...this.#codeOf].filter(([name]) => canonical(name) === meant).map(([, code]) => code));
  }

  #isEncoded(): boolean {
    return this.#names().every((name) => ["0", "1"].includes(canonical(name)));
  }

  #names(): string[] {
    return [...this.#codeOf.keys()].sort();
  }

  #missingProblems(uri: string): string[] {
    if (this.#missing === undefined) return [];
    return [
      `${uri}: ${this.#name} has ${this.#missingCount} of ${this.rows} values that are missing, the first in row ${this.#missing}`,
    ];
  }
}

/** What is the same for two spellings of one class: `1`, `1.0`, `True` and `true`. */
function canonical(name: string): string {
  const text = name.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true" ? "1" : "0";
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? String(number) : name;
}

function shown(names: readonly string[]): string {
  return `${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`;
}
