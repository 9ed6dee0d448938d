import type { GxExpectationResult } from "../../src/data/gx/gx-result.ts";
import type { GxCaseTest } from "./gx-cases.ts";

/** What a case expects and the result has not, in words; empty: the case passes. */
export function differences(test: GxCaseTest, result: GxExpectationResult): string[] {
  const { out } = test;
  const found: string[] = [];
  const got = record(result.result) ?? {};
  const isRaised = JSON.stringify(result.exception_info).includes('"raised_exception":true');
  if (isRaised) return [`it could not be evaluated: ${messageOf(result.exception_info)}`];
  const check = (name: string, wanted: unknown, seen: unknown, isSame: boolean) => {
    if (!isSame) found.push(`${name} is ${JSON.stringify(seen)}, expected ${JSON.stringify(wanted)}`);
  };
  if (out.success !== undefined)
    check("success", out.success, result.success, out.success === result.success);
  const tolerance = test.tolerance ?? 0;
  if ("observed_value" in out) {
    const seen = got["observed_value"] ?? distinctValues(got);
    check("observed_value", out.observed_value, seen, same(out.observed_value, seen, tolerance));
  }
  for (const key of ["unexpected_list"] as const) {
    const wanted = out[key];
    if (wanted !== undefined && key in got)
      check(key, wanted, got[key], sameSet(wanted, got[key], tolerance));
  }
  const index = out.unexpected_index_list;
  if (index !== undefined && "unexpected_index_list" in got) {
    const wanted = index.map((entry) => entry.pk_index);
    check(
      "unexpected_index_list",
      wanted,
      got["unexpected_index_list"],
      sameSet(wanted, got["unexpected_index_list"], 0),
    );
  }
  for (const part of [out.details === undefined ? undefined : { details: out.details }, out.result]) {
    for (const [key, wanted] of Object.entries(part ?? {})) {
      if (isOfOldResults(key, wanted)) continue;
      check(key, wanted, got[key], same(wanted, got[key], tolerance));
    }
  }
  return found;
}

/** What 1.x words otherwise (the rows of an index list are compared apart), or no longer says at all. */
function isOfOldResults(key: string, wanted: unknown): boolean {
  if (key.includes("index") || key === "partial_unexpected_counts") return true;
  const keys = Object.keys(record(wanted) ?? {});
  return key === "details" && keys.length === 1 && keys[0] === "partial_unexpected_counts_error";
}

/** Since 1.x the distinct values are no longer told; we tell them under their old name's successor. */
function distinctValues(result: Readonly<Record<string, unknown>>): unknown {
  return record(result["details"])?.["distinct_values"] ?? result["observed_value"];
}

function messageOf(info: unknown): string {
  const found = /"exception_message":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(info));
  return found?.[1] ?? "without a reason";
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Lists as sets, numbers within 1e-5 of the expected one, times by their instant. */
function same(wanted: unknown, seen: unknown, tolerance: number): boolean {
  if (Array.isArray(wanted)) return sameSet(wanted, seen, tolerance);
  const expected = record(wanted);
  if (expected !== undefined) {
    const actual = record(seen);
    return (
      actual !== undefined &&
      Object.entries(expected).every(([key, value]) => same(value, actual[key] ?? null, tolerance))
    );
  }
  if (typeof wanted === "number" && typeof seen === "number")
    return Math.abs(wanted - seen) <= Math.max(tolerance, 1e-5 * Math.abs(wanted));
  if (typeof wanted === "string" && typeof seen === "string")
    return wanted === seen || sameInstant(wanted, seen);
  return (wanted ?? null) === (seen ?? null);
}

function sameSet(wanted: readonly unknown[], seen: unknown, tolerance: number): boolean {
  if (!Array.isArray(seen) || seen.length !== wanted.length) return false;
  const left: unknown[] = [...seen];
  for (const value of wanted) {
    const at = left.findIndex((candidate) => same(value, candidate, tolerance));
    if (at === -1) return false;
    left.splice(at, 1);
  }
  return true;
}

function sameInstant(wanted: string, seen: string): boolean {
  const [a, b] = [wanted, seen].map((text) =>
    Date.parse(/Z|[+-]\d{2}:\d{2}$/.test(text) ? text : `${text}Z`),
  );
  const [c] = [Date.parse(`${wanted} UTC`)];
  return b !== undefined && !Number.isNaN(b) && (a === b || c === b);
}
