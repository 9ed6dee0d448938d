import type { ContractSource } from "./contract-form.ts";
import { apartProblem, elementPathProblem } from "./element-path.ts";
import { ruleOf } from "./rule.ts";
import { isExpectation, isReference } from "./table-checks-form.ts";
import { listOf } from "./values.ts";

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What cannot be meant, between the parts of a contract. */
export function contractProblems(contract: ContractSource): Problem[] {
  const cards = contract.columns ?? [];
  const checks = contract.checks ?? [];
  return [
    ...repeated(cards.map((card) => card.name)).map((index): Problem => {
      const message = `${JSON.stringify(cards[index]?.name)} has two cards; put all its rules into one`;
      return { path: ["columns", index, "name"], message };
    }),
    ...repeated(cards.map((card) => card.match)).map((index): Problem => {
      const message = `${JSON.stringify(cards[index]?.match)} has two cards; put all its rules into one`;
      return { path: ["columns", index, "match"], message };
    }),
    ...repeated(checks.map((check) => check.name)).map((index): Problem => {
      const message = `${JSON.stringify(checks[index]?.name)} is the name of another check too`;
      return { path: ["checks", index, "name"], message };
    }),
    ...rowProblems(contract),
    ...tableProblems(contract),
    ...referenceProblems(contract),
    ...pathProblems(contract),
    ...expectationProblems(contract),
  ];
}

/** Where a name stands that stood before. */
function repeated(names: readonly (string | undefined)[]): number[] {
  const seen = new Set<string>();
  const found: number[] = [];
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    if (seen.has(name)) found.push(index);
    seen.add(name);
  }
  return found;
}

function rowProblems({ rows }: ContractSource): Problem[] {
  if (rows?.min === undefined || rows.max === undefined) return [];
  const isReversed = ruleOf<number>(rows.min).value > ruleOf<number>(rows.max).value;
  return isReversed ? [{ path: ["rows"], message: "min is more than max" }] : [];
}

function tableProblems({ tables }: ContractSource): Problem[] {
  const names = Object.keys(tables ?? {});
  return [
    ...names
      .filter((name) => name.toLowerCase() === "data")
      .map((name): Problem => ({ path: ["tables", name], message: "is the name of the table itself" })),
    ...repeated(names.map((name) => name.toLowerCase())).map((index): Problem => {
      const message = "differs from another name in upper and lower case only, which SQL does not tell apart";
      return { path: ["tables", names[index] ?? ""], message };
    }),
  ];
}

function referenceProblems({ checks = [], tables = {} }: ContractSource): Problem[] {
  return checks.flatMap((check, index): Problem[] => {
    if (!isReference(check)) return [];
    const { columns, data, table, key = columns } = check.in;
    const at = (name: string, message: string): Problem => ({ path: ["checks", index, "in", name], message });
    const problems: Problem[] = [];
    if (data === undefined && table === undefined)
      problems.push(at("data", "is missing: where are the values to be found?"));
    if (data !== undefined && table !== undefined)
      problems.push(at("table", "stands beside data; a check has one of them"));
    if (table !== undefined && tables[table] === undefined)
      problems.push(at("table", `${JSON.stringify(table)} stands not under tables`));
    const [here, there] = [listOf(columns).length, listOf(key).length];
    if (here !== there) problems.push(at("key", `names ${there} columns for ${here}`));
    return problems;
  });
}

/** Names of columns outside of cards. */
function pathProblems({ freshness, unique = [], checks = [] }: ContractSource): Problem[] {
  const sets = unique.map((entry, index) => ({
    path: "columns" in entry ? ["unique", index, "columns"] : ["unique", index],
    names: "columns" in entry ? entry.columns : entry,
  }));
  const references = checks.flatMap((check, index) =>
    isReference(check) ? [{ path: ["checks", index, "in", "columns"], names: listOf(check.in.columns) }] : [],
  );
  const times = freshness === undefined ? [] : [{ path: ["freshness", "column"], names: [freshness.column] }];
  return [...times, ...sets, ...references].flatMap(({ path, names }): Problem[] => {
    const wrong = names.flatMap((name) => elementPathProblem(name) ?? []);
    const problems = wrong.length > 0 ? wrong : [apartProblem(names)].filter((one) => one !== undefined);
    return problems.map((message) => ({ path, message }));
  });
}

const theirWords = { when: "row_condition", allow: "mostly" } as const;

/** Words of ours that Great Expectations calls otherwise. */
function expectationProblems({ checks = [] }: ContractSource): Problem[] {
  return checks.flatMap((check, index) =>
    Object.entries(theirWords)
      .filter(([word]) => isExpectation(check) && word in check)
      .map(([word, theirs]): Problem => {
        const message = `is no kwarg of an expectation: write ${theirs}`;
        return { path: ["checks", index, word], message };
      }),
  );
}
