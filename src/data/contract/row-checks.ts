import type { Check } from "../plan/check.ts";
import { innermostList, type PlanColumn } from "../plan/column.ts";
import { ofElements } from "../plan/elements.ts";
import { and, isPresent, isTrue, not, userSql } from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";
import { type RowsMeasure, rowsOfQuery } from "../plan/measure.ts";
import type { ContractSource } from "./contract-form.ts";
import { countOf, identityOf, shownOf } from "./counts.ts";
import { referencedTable } from "./other-tables.ts";
import { headOf, type Place, type Rule, writtenRule } from "./rule.ts";
import {
  type Assertion,
  isAssertion,
  isQuery,
  isReference,
  type QueryCheck,
  type Reference,
} from "./table-checks-form.ts";
import { withoutColumns } from "./unjudged.ts";
import { listOf } from "./values.ts";

export interface RowChecksInput {
  readonly columns: readonly PlanColumn[];
  readonly place: Place;
}

/** The checks of a contract that the engine answers: conditions on rows, references to other tables, queries. */
export function rowChecks(contract: ContractSource, { columns, place }: RowChecksInput): Check[] {
  return (contract.checks ?? []).flatMap((check): Check[] => {
    if (isAssertion(check)) return [assertionCheck(check, place)];
    if (isReference(check)) return [referenceCheck(check, { contract, columns, place })];
    return isQuery(check) ? [queryCheck(check, place)] : [];
  });
}

/** A condition that every row keeps. Where it is neither true nor false, a row is not counted, or breaks it: as `nulls` says. */
function assertionCheck(written: Assertion, place: Place): Check {
  const rule = writtenRule(written.assert, written, place);
  const condition = userSql(written.assert);
  const isStrict = written.nulls === "fail";
  const rows = countOf(and(rule.when, not(isStrict ? isTrue(condition) : condition)));
  const known = not({ op: "is-unknown", value: condition });
  const judged = countOf(isStrict ? rule.when : and(rule.when, known));
  const about = { kind: "assertion", column: null, comparison: "<=", limit: 0 } as const;
  return failingCheck(rule, { ...about, name: `assert(${oneLine(written.assert)})` }, { rows, judged });
}

/** Every row's values, or every element's, stand in a row of another table. As in SQL, a row with a missing value refers to nothing. */
function referenceCheck(
  written: Reference,
  input: RowChecksInput & { readonly contract: ContractSource },
): Check {
  const { contract, columns, place } = input;
  const rule = writtenRule(written.in, written, place);
  const names = listOf(written.in.columns);
  const table = referencedTable(written, contract);
  const about = { kind: "reference", comparison: "<=", limit: 0 } as const;
  const column = names.length === 1 ? (names[0] ?? null) : null;
  const head = { ...about, column, name: `in(${names.join(", ")} -> ${table.shown})` };
  const keys = names.flatMap((name) => columns.find((one) => one.name === name) ?? []);
  if (keys.length < names.length) {
    const absent = names.filter((name) => !keys.some((key) => key.name === name));
    return withoutColumns(headOf(rule, { ...head, column: null }), absent);
  }
  const where = and(rule.when, ...names.map(isPresent));
  const rows: RowsMeasure = {
    kind: "unmatched",
    keys: keys.map(identityOf),
    table: table.name,
    tableKeys: listOf(written.in.key ?? written.in.columns),
    where,
  };
  const found = { rows, judged: countOf(where), shown: keys.map(shownOf) };
  return ofElements(failingCheck(rule, head, found), innermostList(keys));
}

/** A query of which every row is one that is wrong. */
function queryCheck(written: QueryCheck, place: Place): Check {
  const rule = writtenRule(written.sql, written, place);
  const sql = written.sql.trim().replace(/;\s*$/, "");
  const rows = rowsOfQuery(sql, written.timeout);
  const about = { kind: "sql", column: null, comparison: "<=", limit: 0 } as const;
  return {
    ...headOf(rule, { ...about, name: `sql(${oneLine(written.sql)})` }),
    measures: [rows],
    judge: (answers) => {
      const failing = answers.count(rows);
      return {
        outcome: failing === 0 ? "good" : "bad",
        observed: failing,
        failingRows: failing,
        judgedRows: null,
      };
    },
    failing: () => ({ rows, shown: [] }),
  };
}

interface FailingMeasures {
  readonly rows: RowsMeasure;
  readonly judged: RowsMeasure;
  readonly shown?: ReturnType<typeof shownOf>[];
}

function failingCheck(
  rule: Rule<unknown>,
  about: Parameters<typeof headOf>[1],
  { rows, judged, shown = [] }: FailingMeasures,
): Check {
  return {
    ...headOf(rule, about),
    measures: [rows, judged],
    judge: (answers) => {
      const failing = answers.count(rows);
      const judgedRows = answers.count(judged);
      const outcome = isTolerated(failing, judgedRows, rule.allow) ? "good" : "bad";
      return { outcome, observed: failing, failingRows: failing, judgedRows };
    },
    failing: () => ({ rows, shown }),
  };
}

function oneLine(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
