import type { CheckHead } from "../plan/check.ts";
import { splitCommand } from "./command-line.ts";
import type { ContractSource } from "./contract-form.ts";
import { headOf, writtenRule } from "./rule.ts";
import { isExpectation, isScript } from "./table-checks-form.ts";
import type { Severity } from "./values.ts";

/** A program that judges the table itself. */
export interface ScriptCheck {
  readonly head: CheckHead;
  /** The program and its arguments, for no shell. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** Names of the environment variables that it may see. */
  readonly env: readonly string[];
}

const defaultTimeoutMs = 5 * 60_000;

/** The scripts of a contract, in its order. */
export function scriptChecks(contract: ContractSource): ScriptCheck[] {
  const place = { severity: contract.defaults?.severity };
  return (contract.checks ?? []).filter(isScript).map((written) => {
    const { script, timeout, env = [] } = written;
    const command = typeof script === "string" ? splitCommand(script) : script;
    const shown = command.join(" ");
    const about = { kind: "script", column: null, comparison: null, limit: null } as const;
    const name = `script(${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown})`;
    const head = headOf(writtenRule(command, written, place), { ...about, name });
    return { head, command, timeoutMs: timeout ?? defaultTimeoutMs, env };
  });
}

/** An expectation of Great Expectations that a contract states. */
interface WrittenExpectation {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly severity: Severity;
  /** What its author wrote about it, or called it. */
  readonly description: string | undefined;
}

/** The expectations of a contract, in its order. */
export function writtenExpectations(contract: ContractSource): WrittenExpectation[] {
  return (contract.checks ?? []).filter(isExpectation).map((written) => {
    const {
      expect,
      severity = contract.defaults?.severity ?? "fail",
      name,
      description,
      ...kwargs
    } = written;
    return { type: expect, kwargs, severity, description: description ?? name };
  });
}
