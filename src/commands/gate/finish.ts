import path from "node:path";
import { describeBaseline, gateDocument, unreadDocument } from "../../baseline/gate-document.ts";
import type { FoundBaseline, FoundEvaluation } from "../../baseline/read-baseline.ts";
import type { CommandResult } from "../../command.ts";
import type { Context } from "../../context.ts";
import { type ExitCode, exitCodes, MlopsError } from "../../errors.ts";
import { writeJsonFile } from "../../files.ts";
import type { GateDecision } from "../../gate/decide.ts";
import { decisionText } from "../../gate/decision-text.ts";
import { programVersion } from "../../version.ts";

/** What of the options a result needs. */
interface Places {
  readonly newMetrics: string;
  readonly outputPath: string;
  readonly dryRun: boolean;
}

const exitCodeOf: Readonly<Record<GateDecision["verdict"], ExitCode>> = {
  pass: exitCodes.positive,
  fail: exitCodes.negative,
  error: exitCodes.noVerdict,
};

/** Writes the decision and says it. */
export async function finish(
  parts: {
    readonly options: Places;
    readonly candidate: FoundEvaluation;
    readonly found: FoundBaseline;
    readonly decision: GateDecision;
    readonly startedAt: Date;
  },
  context: Context,
): Promise<CommandResult> {
  const { decision, startedAt, options } = parts;
  const head = { version: await programVersion(), startedAt, finishedAt: context.now() };
  const json = gateDocument(parts, head);
  if (!options.dryRun) await writeJsonFile(path.resolve(context.cwd, options.outputPath), json);
  const text = decisionText(decision, {
    baseline: describeBaseline(parts.found),
    file: options.dryRun ? "nowhere (--dry-run)" : options.outputPath,
  });
  return { exitCode: exitCodeOf[decision.verdict], json, text, dotenv: { GATE_VERDICT: decision.verdict } };
}

/** Writes that there is no verdict, where an input could not be read; the error goes on its way. Other errors write nothing. */
export async function leaveUnread(
  error: unknown,
  parts: {
    readonly options: Places;
    /** Undefined: it is what could not be read. */
    readonly candidate: FoundEvaluation | undefined;
    readonly startedAt: Date;
  },
  context: Context,
): Promise<void> {
  const { options, startedAt, candidate } = parts;
  if (!(error instanceof MlopsError && error.kind === "not-evaluable") || options.dryRun) return;
  const head = { version: await programVersion(), startedAt, finishedAt: context.now() };
  const redact = (text: string) => context.redactor.redact(text);
  const why = {
    code: error.code,
    message: redact(error.message),
    hint: error.hint === undefined ? null : redact(error.hint),
  };
  const json = unreadDocument({ uri: options.newMetrics, candidate, error: why }, head);
  await writeJsonFile(path.resolve(context.cwd, options.outputPath), json);
}
