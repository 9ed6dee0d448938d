import { randomBytes } from "node:crypto";
import type { Context } from "../../src/context.ts";
import { Redactor } from "../../src/redaction.ts";
import { Reporter, type TextOutput } from "../../src/reporter.ts";

export interface TestContext extends Context {
  /** All that was printed so far. */
  printed(): { readonly stdout: string; readonly stderr: string };
  abort(reason: Error): void;
}

/** A context over a given folder and environment that keeps what is printed. */
export function testContext(options: {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}): TestContext {
  const env = options.env ?? {};
  const redactor = Redactor.fromEnvironment(env);
  const out: string[] = [];
  const err: string[] = [];
  const abort = new AbortController();
  const stderr = collector(err, redactor);
  return {
    env,
    cwd: options.cwd,
    stdout: collector(out, redactor),
    plainStdout: collector(out, new Redactor()),
    stderr,
    report: new Reporter(stderr, { level: "normal", gitlabSections: false }),
    redactor,
    signal: abort.signal,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    printed: () => ({ stdout: out.join(""), stderr: err.join("") }),
    abort: (reason) => abort.abort(reason),
  };
}

function collector(into: string[], redactor: Redactor): TextOutput {
  return {
    write: (text) => void into.push(redactor.redact(text)),
    drained: () => undefined,
    isTerminal: false,
    useColor: false,
  };
}
