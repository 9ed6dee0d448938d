import type { ContractSource } from "./contract-form.ts";
import { patternOf } from "./regex.ts";

export interface WrittenPattern {
  /** Where it stands in the contract. */
  readonly path: readonly (string | number)[];
  /** As RE2 is asked for it. */
  readonly pattern: string;
}

/** The regular expressions of a contract that the engine runs itself; those with look-around and back-references it does not. */
export function enginePatterns({ columns = [], defaults = {} }: ContractSource): WrittenPattern[] {
  const places = [
    { rules: defaults, path: ["defaults"] },
    ...columns.map((rules, index) => ({ rules, path: ["columns", index] })),
  ];
  return places.flatMap(({ rules, path }) =>
    (["pattern", "not_pattern"] as const).flatMap((key): WrittenPattern[] => {
      const rule = rules[key];
      if (rule === undefined) return [];
      const { engine, pattern } = patternOf(typeof rule === "string" ? rule : rule.value);
      return engine === "re2" ? [{ path: [...path, key], pattern }] : [];
    }),
  );
}
