import { MlopsError } from "../../errors.ts";
import { columnCard } from "../contract/column-card.ts";
import type { Severity } from "../contract/values.ts";
import {
  addRule,
  ContractDraft,
  type DraftNotes,
  entryFor,
  type ImportedDraft,
  isPlain,
  listAt,
  nullsRule,
  numberAt,
  type Plain,
  plainAt,
  textAt,
  tidyShare,
} from "./draft.ts";
import { conditionToSql } from "./gx-condition.ts";
import { type CardRule, columnReadings, judgesRows } from "./gx-rules.ts";
import { importTableExpectation } from "./gx-table-rules.ts";

/** An expectation of either file format. */
interface WrittenExpectation {
  readonly path: string;
  readonly type: string;
  /** Without `row_condition`, `mostly` and what has no effect in a suite. */
  readonly kwargs: Plain;
  readonly mostly: number | undefined;
  readonly condition: unknown;
  readonly severity: Severity;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** All kwargs as written, for the native form. */
  readonly written: Plain;
}

/** Kwargs that name the batch or the way a result is shown. */
const idle = new Set([
  "batch_id",
  "result_format",
  "catch_exceptions",
  "include_config",
  "condition_parser",
  "row_condition",
  "mostly",
]);

/**
 * A suite of Great Expectations, 0.x or 1.x. What a card can say becomes a card; every other known expectation becomes a
 * check `expect:`, which is judged as Great Expectations would. `knows` says which types those are.
 */
export function fromGx(suite: Plain, knows: (type: string) => boolean): ImportedDraft {
  const draft = new ContractDraft();
  const expectations = listAt(suite, "expectations").map((raw, index) =>
    readExpectation(raw, `expectations[${index}]`),
  );
  for (const expectation of expectations) importExpectation(draft, expectation, knows);
  return draft.result();
}

function readExpectation(raw: unknown, path: string): WrittenExpectation {
  const entry = isPlain(raw) ? raw : {};
  const type = textAt(entry, "expectation_type") ?? textAt(entry, "type");
  if (type === undefined)
    throw new MlopsError({
      kind: "usage",
      code: "IMPORT_INVALID",
      message: `${path} has neither "type" nor "expectation_type".`,
      hint: "Give a suite as Great Expectations writes it.",
    });
  const written = plainAt(entry, "kwargs");
  const meta = plainAt(entry, "meta");
  return {
    path,
    type,
    kwargs: Object.fromEntries(Object.entries(written).filter(([key]) => !idle.has(key))),
    mostly:
      numberAt(written, "mostly") ??
      (written["mostly"] === undefined || written["mostly"] === null ? 1 : undefined),
    condition: written["row_condition"] ?? undefined,
    severity: severityOf(entry["severity"] ?? meta["severity"]),
    name: textAt(meta, "name"),
    description: textAt(entry, "description") ?? notesOf(entry["notes"] ?? meta["notes"]),
    written,
  };
}

/** GX 0.x keeps `{format: markdown, content: [...]}` in `meta`. */
function notesOf(notes: unknown): string | undefined {
  if (typeof notes === "string") return notes;
  const content = isPlain(notes) ? notes["content"] : notes;
  const lines = Array.isArray(content) ? content : [content];
  const text = lines.filter((line) => typeof line === "string").join("\n");
  return text === "" ? undefined : text;
}

function severityOf(value: unknown): Severity {
  if (value === "warning" || value === "warn") return "warn";
  return value === "info" ? "info" : "fail";
}

function importExpectation(
  draft: ContractDraft,
  one: WrittenExpectation,
  knows: (type: string) => boolean,
): void {
  if (!knows(one.type)) {
    draft.note(one.path, `the expectation ${one.type} is not known`);
    return;
  }
  if (one.written["windows"] !== undefined && one.written["windows"] !== null)
    draft.note(`${one.path}.kwargs.windows`, "limits that follow earlier runs have no counterpart");
  const { type, kwargs, mostly } = one;
  const isCarried =
    importAsCard(draft, one) ||
    (one.condition === undefined &&
      importTableExpectation(draft, { type, kwargs, mostly, notes: notesFor(one) }));
  if (!isCarried) draft.check(nativeCheck(one));
}

function nativeCheck({ type, written, severity, name, description }: WrittenExpectation): Plain {
  const kwargs = Object.entries(written).filter(
    ([key, value]) =>
      value !== null &&
      !["batch_id", "result_format", "catch_exceptions", "include_config", "windows"].includes(key),
  );
  return {
    expect: type,
    ...Object.fromEntries(kwargs),
    ...(severity === "fail" ? {} : { severity }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function importAsCard(draft: ContractDraft, one: WrittenExpectation): boolean {
  const column = textAt(one.kwargs, "column");
  const when = one.condition === undefined ? "" : conditionToSql(one.condition);
  const rules = column === undefined || when === undefined ? undefined : cardRules(one, when);
  if (column === undefined || rules === undefined) return false;
  const card: Record<string, unknown> = { name: column, ...draft.known(column) };
  if (rules.some(({ key }) => key in card && key !== "required")) return false;
  for (const { key, value } of rules) {
    const allow = judgesRows(key) ? tidyShare(1 - (one.mostly ?? 1)) : 0;
    if (key === "nulls") card["nulls"] = value;
    else addRule(card, key, { ...notesFor(one), value, ...(key === "required" ? {} : { allow, when }) });
  }
  // What a card cannot mean (a minimum above the maximum) may still be meant by the expectation.
  if (!columnCard.safeParse(card).success) return false;
  Object.assign(draft.card(column), card);
  return true;
}

function notesFor({ severity, name, description }: WrittenExpectation): DraftNotes {
  return { severity, name, description };
}

function cardRules(one: WrittenExpectation, when: string | undefined): readonly CardRule[] | undefined {
  const { type, kwargs, mostly } = one;
  if (mostly === undefined || mostly < 0 || mostly > 1) return undefined;
  if (type !== "expect_column_values_to_not_be_null") return entryFor(columnReadings, type)?.(kwargs, mostly);
  if (Object.keys(kwargs).length > 1) return undefined;
  return [{ key: "nulls", value: nullsRule(tidyShare(1 - mostly), { ...notesFor(one), when }) }];
}
