import { styleText } from "node:util";

/** A place for text. Everything written through it has its secrets redacted. */
export interface TextOutput {
  write(text: string): void;
  /** Resolves when a reader that is behind has taken what was written; undefined where nobody has to be waited for. */
  drained(): Promise<void> | undefined;
  readonly isTerminal: boolean;
  readonly useColor: boolean;
}

export type Verbosity = "quiet" | "normal" | "verbose";
type Style = "red" | "green" | "yellow" | "cyan" | "dim" | "bold";

export interface ReporterOptions {
  readonly level: Verbosity;
  readonly gitlabSections: boolean;
}

/** What a command says beside its result; always on stderr, one event a line. */
export class Reporter {
  readonly #output: TextOutput;
  readonly #options: ReporterOptions;

  constructor(output: TextOutput, options: ReporterOptions) {
    this.#output = output;
    this.#options = options;
  }

  withLevel(level: Verbosity): Reporter {
    return new Reporter(this.#output, { ...this.#options, level });
  }

  get level(): Verbosity {
    return this.#options.level;
  }

  /** What a reader of the job log wants to know. Not shown with `--quiet`. */
  info(line: string): void {
    if (this.#options.level !== "quiet") this.#output.write(`${line}\n`);
  }

  /** Something that did not stop the command but that the reader must know. Always shown. */
  warn(line: string): void {
    this.#output.write(`${paint(this.#output, "yellow", "warning:")} ${line}\n`);
  }

  error(line: string): void {
    this.#output.write(`${paint(this.#output, "red", "error:")} ${line}\n`);
  }

  /** Only with `--verbose`. */
  debug(line: string): void {
    if (this.#options.level === "verbose") this.#output.write(`${paint(this.#output, "dim", line)}\n`);
  }

  /** Runs `work` inside a foldable section of GitLab's job log; elsewhere it only prints the title. */
  async section<T>(name: string, title: string, work: () => Promise<T>): Promise<T> {
    const sections = this.#options.gitlabSections && this.#options.level !== "quiet";
    const mark = (kind: string, tail: string) =>
      this.#output.write(
        `\x1b[0Ksection_${kind}:${Math.floor(Date.now() / 1000)}:mlops_${name}\r\x1b[0K${tail}\n`,
      );
    if (sections) mark("start", title);
    else this.info(title);
    try {
      return await work();
    } finally {
      if (sections) mark("end", "");
    }
  }
}

/** Colours `text` where the output wants colour. */
function paint(output: TextOutput, style: Style, text: string): string {
  return output.useColor ? styleText(style, text, { validateStream: false }) : text;
}
