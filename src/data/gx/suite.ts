import * as z from "zod";
import { MlopsError } from "../../errors.ts";
import type { Severity } from "../contract/values.ts";
import type { ExpectationRule, ReadyExpectation } from "./expectation.ts";
import { type JsonDocument, type JsonPath, parseJsonDocument } from "./json-document.ts";
import { didYouMean } from "./nearest.ts";
import { fillParameters, type ParameterValues } from "./parameters.ts";
import { expectationRules } from "./registry.ts";
import { type ReadCondition, readRowCondition } from "./row-condition.ts";
import { commonKwargs, type WrittenExpectation, writtenExpectation, writtenSuite } from "./suite-schema.ts";

/** The word of Great Expectations for what a broken expectation means. */
type GxSeverity = "critical" | "warning" | "info";

/** One expectation of a suite, read and found right, before any table is known. */
export interface SuiteExpectation {
  readonly index: number;
  readonly type: string;
  readonly id: string | null;
  readonly severity: Severity;
  readonly gxSeverity: GxSeverity;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly notes: string | null;
  readonly description: string | null;
  /** As written, parameters filled in. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly condition: Exclude<ReadCondition, { readonly kind: "refused" }>;
  /** What its rule made of the kwargs, or why it cannot be evaluated on any table. */
  readonly rule: ReadyExpectation | { readonly notEvaluable: string };
}

export interface Suite {
  readonly name: string;
  readonly id: string | null;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly expectations: readonly SuiteExpectation[];
  /** The values that stood in for parameters, from `--param` and from the suite. */
  readonly parameters: ParameterValues;
  /** Names of parameters that an expectation asked for. */
  readonly usedParameters: ReadonlySet<string>;
}

export interface SuiteSource {
  readonly text: string;
  /** The file as the user would type it, for messages. */
  readonly shown: string;
  /** Of `--param`; they go before those in the suite. */
  readonly parameters: ParameterValues;
  readonly now: Date;
}

/**
 * Reads a suite of 0.x or 1.x. Throws one `usage` error that lists every problem by file and line: what Great Expectations
 * refuses to build, parameters without a value. Types that are not known are no problem of the file: they are kept and
 * cannot be evaluated.
 */
export function readSuite(source: SuiteSource): Suite {
  const document = parseJsonDocument(source.text, source.shown);
  const problems: string[] = [];
  const parsed = writtenSuite.safeParse(document.value);
  if (!parsed.success) {
    const known = Object.keys(writtenSuite.shape);
    throw refused(problemLines(parsed.error.issues, { document, path: [], known, about: "the suite" }));
  }
  const { name, expectation_suite_name: oldName, id, ge_cloud_id: cloudId, meta, expectations } = parsed.data;
  const stored = { ...parsed.data.evaluation_parameters, ...parsed.data.suite_parameters };
  const parameters = new Map([...Object.entries(stored), ...source.parameters]);
  const reader = { document, problems, parameters, now: source.now, used: new Set<string>() };
  const read = expectations.map((written, index) => readExpectation(written, index, reader));
  if (problems.length > 0) throw refused(problems);
  return {
    name: name ?? oldName ?? source.shown,
    id: id ?? cloudId,
    meta,
    expectations: read.filter((one) => one !== undefined),
    parameters,
    usedParameters: reader.used,
  };
}

function refused(problems: readonly string[]): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "SUITE_INVALID",
    message: problems.join("\n"),
    hint: "Mend the suite at these lines; no expectation of it was evaluated.",
  });
}

interface Reader {
  readonly document: JsonDocument;
  readonly problems: string[];
  readonly parameters: ParameterValues;
  readonly now: Date;
  readonly used: Set<string>;
}

function readExpectation(written: unknown, index: number, reader: Reader): SuiteExpectation | undefined {
  const { document, problems } = reader;
  const path = ["expectations", index];
  const parsed = writtenExpectation.safeParse(written);
  if (!parsed.success) {
    const known = Object.keys(writtenExpectation.shape);
    const about = `expectation ${index + 1}`;
    problems.push(...problemLines(parsed.error.issues, { document, path, known, about }));
    return undefined;
  }
  const entry = parsed.data;
  const type = entry.type ?? entry.expectation_type ?? "";
  const head = {
    index,
    type,
    id: entry.id ?? entry.ge_cloud_id,
    ...severityOf(entry),
    meta: entry.meta,
    notes: entry.notes ?? notesIn(entry.meta),
    description: entry.description,
  };
  if (hasWindows(entry.windows) || hasWindows(entry.kwargs["windows"])) {
    const notEvaluable =
      "windows are thresholds learned from earlier runs, which is not supported; write the bounds";
    return { ...head, kwargs: entry.kwargs, condition: { kind: "none" }, rule: { notEvaluable } };
  }
  const rest = readKwargs(entry.kwargs, { type, path, reader });
  return rest === undefined ? undefined : { ...head, ...rest };
}

function hasWindows(written: unknown): boolean {
  return Array.isArray(written) ? written.length > 0 : written !== undefined && written !== null;
}

interface Place {
  readonly type: string;
  readonly path: JsonPath;
  readonly reader: Reader;
}

function readKwargs(
  written: Readonly<Record<string, unknown>>,
  { type, path, reader }: Place,
): Pick<SuiteExpectation, "kwargs" | "condition" | "rule"> | undefined {
  const { document, problems } = reader;
  const before = problems.length;
  const refuse = (at: JsonPath, message: string) =>
    problems.push(`${document.locate([...path, "kwargs", ...at])}: ${type}: ${message}.`);
  const kwargs = filled(written, reader, refuse);
  if (problems.length > before) return undefined;
  const rule = Object.hasOwn(expectationRules, type) ? expectationRules[type] : undefined;
  if (rule === undefined) {
    const known = didYouMean(type, Object.keys(expectationRules));
    const notEvaluable = `${type} is not supported by this program${known}`;
    return { kwargs, condition: { kind: "none" }, rule: { notEvaluable } };
  }
  const condition = readRowCondition(kwargs["row_condition"], kwargs["condition_parser"]);
  if (condition.kind === "refused") refuse(["row_condition"], condition.message);
  if (condition.kind !== "none" && !rule.takesRowCondition)
    refuse(["row_condition"], "this expectation is about the table and takes no row_condition");
  const own = rule.read(ownKwargs(kwargs, rule));
  if ("problems" in own) {
    const about = { document, path: [...path, "kwargs"], known: rule.kwargNames, about: type };
    problems.push(...problemLines(own.problems, about));
    return undefined;
  }
  return condition.kind === "refused" || problems.length > before
    ? undefined
    : { kwargs, condition, rule: own };
}

function filled(
  written: Readonly<Record<string, unknown>>,
  { parameters, now, used }: Reader,
  refuse: (path: JsonPath, message: string) => void,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => {
      const refuseIn = (path: JsonPath, message: string) => refuse([key, ...path], message);
      return [key, fillParameters(value, { values: parameters, now, used, refuse: refuseIn })];
    }),
  );
}

/** What the rule is to look at. Null says the same as nothing, so that a required kwarg that is null is missing. */
function ownKwargs(
  kwargs: Readonly<Record<string, unknown>>,
  rule: ExpectationRule,
): Readonly<Record<string, unknown>> {
  const common: readonly string[] = commonKwargs;
  const own = Object.entries(kwargs).filter(
    ([key, value]) =>
      !common.includes(key) && !(rule.kwargNames.includes(key) && (value === null || value === undefined)),
  );
  return Object.fromEntries(own);
}

/** The field of Great Expectations 1.6; before it many wrote `meta.severity`. */
function severityOf(entry: WrittenExpectation): { severity: Severity; gxSeverity: GxSeverity } {
  const folk = z.enum(["critical", "warning", "info"]).safeParse(entry.meta["severity"]);
  const gxSeverity = entry.severity ?? (folk.success ? folk.data : "critical");
  const severities = { critical: "fail", warning: "warn", info: "info" } as const;
  return { severity: severities[gxSeverity], gxSeverity };
}

/** 0.x kept notes in `meta`: a text, a list of them, or `{"format": ..., "content": ...}`. */
function notesIn(meta: Readonly<Record<string, unknown>>): string | null {
  const lines = z.union([z.string().transform((line) => [line]), z.array(z.string())]);
  const found = z
    .union([lines, z.looseObject({ content: lines }).transform(({ content }) => content)])
    .safeParse(meta["notes"]);
  return found.success ? found.data.join("\n") : null;
}

interface ProblemPlace {
  readonly document: JsonDocument;
  readonly path: JsonPath;
  readonly known: readonly string[];
  /** What the message is about. */
  readonly about: string;
}

/** The issues of zod as `suite.json:12: expect_...: mostly: ...` lines. */
function problemLines(issues: readonly z.core.$ZodIssue[], place: ProblemPlace): string[] {
  const { document, path, known, about } = place;
  return issues.flatMap((issue) => {
    const inside = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
    const at = [...path, ...inside];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const hint = inside.length === 0 ? didYouMean(key, known) : "";
        return `${document.locate([...at, key])}: ${about}: unknown key ${JSON.stringify(key)}${hint}.`;
      });
    const key = inside.length === 0 ? "" : `${inside.join(".")}: `;
    return [`${document.locate(at)}: ${about}: ${key}${messageFor(issue)}.`];
  });
}

function messageFor(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "is missing";
  if (issue.code !== "invalid_union") return issue.message;
  const messages = issue.errors.flatMap((branch) => branch.map((one) => one.message));
  return messages.length === 0 ? issue.message : [...new Set(messages)].join(", or ");
}
