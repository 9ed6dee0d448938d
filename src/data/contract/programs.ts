import type { CheckHead } from "../plan/check.ts";
import { splitCommand } from "./command-line.ts";
import type { ContractSource } from "./contract.ts";
import { headOf, writtenRule } from "./rule.ts";
import { isExpectation, isScript } from "./table-checks-form.ts";

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

const theirSeverity = { fail: "critical", warn: "warning", info: "info" } as const;

/**
 * The expectations of a contract as the text of a suite of Great Expectations, in the contract's order; undefined where it has
 * none. A `name` becomes the suite's description of the expectation, unless there is one.
 */
export function expectationSuiteText(contract: ContractSource): string | undefined {
  const written = (contract.checks ?? []).filter(isExpectation);
  if (written.length === 0) return undefined;
  const expectations = written.map((one) => {
    const { expect, severity = contract.defaults?.severity ?? "fail", name, description, ...kwargs } = one;
    const words = description ?? name;
    const about = words === undefined ? {} : { description: words };
    return { type: expect, kwargs, meta: {}, severity: theirSeverity[severity], ...about };
  });
  return JSON.stringify({ name: "contract", expectations });
}
