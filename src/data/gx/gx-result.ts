import type { CheckResult } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { gxJson, jsonValue } from "./gx-values.ts";
import type { ResultFormat } from "./result-format.ts";
import type { Suite, SuiteExpectation } from "./suite.ts";
import { listsOf } from "./unexpected-lists.ts";
import type { UnexpectedRows } from "./unexpected-rows.ts";

export interface GxRun {
  readonly suite: Suite;
  /** Of the checks of the suite, in its order. */
  readonly results: readonly CheckResult[];
  /** By the place of the expectation in the suite. */
  readonly unexpected: ReadonlyMap<number, UnexpectedRows>;
  readonly resultFormat: ResultFormat;
  readonly indexColumns: readonly string[];
  /** Of the table. */
  readonly columns: readonly PlanColumn[];
  /** What names the data: the path, the URI. */
  readonly batchId: string;
  /** Into `meta`, beside what the suite says of itself. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** The result of one suite as Great Expectations writes it, to be written as JSON. Shares are percents, 0..100. */
export interface GxSuiteResult {
  readonly success: boolean;
  readonly results: readonly GxExpectationResult[];
  readonly suite_name: string;
  readonly suite_parameters: unknown;
  readonly statistics: {
    readonly evaluated_expectations: number;
    readonly successful_expectations: number;
    readonly unsuccessful_expectations: number;
    /** Null for a suite without expectations. */
    readonly success_percent: number | null;
  };
  readonly meta: unknown;
  readonly id: null;
}

export interface GxExpectationResult {
  readonly success: boolean;
  readonly expectation_config: unknown;
  readonly result: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly exception_info: unknown;
}

/**
 * The result of a suite in Great Expectations' own form, expectations in the order of the suite. `success` knows no
 * severities, as there: an expectation of severity `info` that fails makes it false.
 */
export function gxSuiteResult(run: GxRun): GxSuiteResult {
  const { suite, results } = run;
  const shown = suite.expectations.map((expectation, place) => {
    const result = results[place];
    if (result === undefined) throw new Error(`the suite ${suite.name} has more expectations than results`);
    return expectationResult(expectation, result, run);
  });
  const successful = shown.filter(({ success }) => success).length;
  const version = suite.meta["great_expectations_version"];
  return {
    success: successful === shown.length,
    results: shown,
    suite_name: suite.name,
    suite_parameters: jsonValue(Object.fromEntries(suite.parameters)),
    statistics: {
      evaluated_expectations: shown.length,
      successful_expectations: successful,
      unsuccessful_expectations: shown.length - successful,
      success_percent: shown.length === 0 ? null : (successful / shown.length) * 100,
    },
    meta: jsonValue({ great_expectations_version: version, ...run.meta }),
    id: null,
  };
}

function expectationResult(
  expectation: SuiteExpectation,
  result: CheckResult,
  run: GxRun,
): GxExpectationResult {
  const isRaised = result.verdict === "error" || result.verdict === "skipped";
  const success = !isRaised && result.details?.["success"] === true;
  return {
    success,
    expectation_config: configOf(expectation, run.batchId),
    result: isRaised || run.resultFormat === "BOOLEAN_ONLY" ? {} : resultOf(expectation, result, run),
    meta: isRaised ? {} : listMeta(expectation, result, run),
    exception_info: isRaised
      ? raised(expectation, result.reason ?? "it could not be evaluated")
      : noException(),
  };
}

function configOf(expectation: SuiteExpectation, batchId: string): unknown {
  const { type, kwargs, meta, id, gxSeverity, notes, description } = expectation;
  const optional = { id, notes, description };
  return jsonValue({
    type,
    kwargs: { ...kwargs, batch_id: batchId },
    meta,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    severity: gxSeverity,
  });
}

function resultOf(expectation: SuiteExpectation, result: CheckResult, run: GxRun): unknown {
  const said = result.details?.["result"];
  const plain = typeof said === "object" && said !== null ? { ...said } : {};
  if (!("element_count" in plain)) return figures(plain, typeOfColumn(expectation, run));
  const lists = listsOf(expectation.kwargs, run.unexpected.get(expectation.index), {
    format: run.resultFormat,
    indexColumns: run.indexColumns,
    nameOf: (name) => columnNamed(name, run)?.name ?? name,
  });
  return jsonValue({ ...plain, ...lists });
}

/** COMPLETE means all rows: where it lists fewer, the result says so. */
function listMeta(
  expectation: SuiteExpectation,
  result: CheckResult,
  { resultFormat, unexpected }: GxRun,
): Readonly<Record<string, unknown>> {
  const listed = unexpected.get(expectation.index)?.rows.length;
  const isCut = resultFormat === "COMPLETE" && listed !== undefined && listed < (result.failingRows ?? 0);
  return isCut ? { unexpected_rows_listed: listed } : {};
}

/** Figures of a column are values as the engine gives them, but what is missing from a set is as the suite writes it. */
function figures(result: object, type: PlanColumn["type"] | undefined): unknown {
  const entries = Object.entries(result).map(([key, value]) => [
    key,
    gxJson(value, key === "partial_missing_list" ? undefined : type),
  ]);
  return Object.fromEntries(entries);
}

/** The type where the engine gives values of it as text that is written otherwise here. */
function typeOfColumn({ kwargs }: SuiteExpectation, run: GxRun): PlanColumn["type"] | undefined {
  const type = columnNamed(String(kwargs["column"] ?? ""), run)?.type;
  return type === "timestamp" || type === "decimal" ? type : undefined;
}

function columnNamed(name: string, { columns }: GxRun): PlanColumn | undefined {
  const lowered = name.toLowerCase();
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === lowered)
  );
}

function noException(): unknown {
  return { raised_exception: false, exception_traceback: null, exception_message: null };
}

/**
 * Great Expectations keys the exception by the metric that failed, but for those of its own checks on types: consumers look
 * for either form.
 */
function raised({ type, kwargs }: SuiteExpectation, message: string): unknown {
  const info = { exception_traceback: null, exception_message: message, raised_exception: true };
  const columns = ["column", "column_A", "column_B", "column_list"].flatMap((key) => kwargs[key] ?? []);
  const isFlat = columns.length === 0 || /_(of_type|in_type_list|m(ax|in)_to_be_between)$/.test(type);
  if (isFlat) return info;
  const metric = `metric_name='${type}', metric_domain_kwargs_id='${columns.join(",")}', metric_value_kwargs_id=()`;
  return { [`MetricConfigurationID(${metric})`]: info };
}
