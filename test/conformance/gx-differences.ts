import type { GxExpectationResult } from "../../src/data/gx/gx-result.ts";
import type { RandomExpectation } from "./gx-random.ts";
import type { RealAnswer } from "./gx-real.ts";

/** What is compared of a result: all that is not about one tool's ways of naming rows. */
const compared = [
  "element_count",
  "missing_count",
  "unexpected_count",
  "unexpected_percent",
  "unexpected_percent_total",
  "missing_percent",
  "partial_unexpected_list",
  "unexpected_index_list",
  "observed_value",
  "partial_missing_list",
];

/** How our answer differs from that of Great Expectations, one line a difference; empty where it does not. */
export function randomDifferences(
  expectation: RandomExpectation,
  theirs: RealAnswer,
  ours: GxExpectationResult | undefined,
): string[] {
  const { id, type, kwargs } = expectation;
  const line = (what: string) => `${id} ${type} ${JSON.stringify(kwargs)}: ${what}`;
  const isRaised =
    ours === undefined || JSON.stringify(ours.exception_info).includes('"raised_exception":true');
  if ("refused" in theirs) return isRaised ? [] : [line(`refused there: ${theirs.refused}`)];
  // Refused with the suite, or when it is run: no verdict, either way.
  if (ours === undefined) return theirs.raised === null ? [line("refused here alone")] : [];
  // Where there is no value pandas compares NaT with a bound, and so raises; here that is what it is: nothing observed.
  if (theirs.raised !== null && isOfNothing(ours.result)) return [];
  // And a pattern that is wrong is looked at by the other one only when there is a value.
  if (isRaised && isOfNothing(theirs.result)) return [];
  if (isRaised !== (theirs.raised !== null))
    return [
      line(
        isRaised
          ? `raised here alone: ${JSON.stringify(ours.exception_info)}`
          : `raised there: ${theirs.raised}`,
      ),
    ];
  if (isRaised) return [];
  if (ours.success !== theirs.success)
    return [line(`success is ${ours.success}, ${JSON.stringify([ours.result, theirs.result])}`)];
  const got: Readonly<Record<string, unknown>> = Object(ours.result);
  // Of distinct values 1.x tells those that are wrong, 0.x told all of them: both are told here. Sets of them have no order.
  // A type is named in the words of the engine that the suite names types by.
  const isOfDistinct = type.includes("_distinct_values_");
  const hidesObserved = isOfDistinct || /_of_type|_in_type_list/.test(type);
  return compared
    .filter((key) => key in theirs.result && !(hidesObserved && key === "observed_value"))
    .filter((key) => !isAlike(ordered(got[key], isOfDistinct), ordered(theirs.result[key], isOfDistinct)))
    .map((key) => line(`${key} is ${JSON.stringify(got[key])}, there ${JSON.stringify(theirs.result[key])}`));
}

function ordered(value: unknown, isSet: boolean): unknown {
  if (!isSet || !Array.isArray(value)) return value;
  return value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function isOfNothing(result: unknown): boolean {
  const found: Readonly<Record<string, unknown>> = Object(result);
  if ("element_count" in found) return found["element_count"] === (found["missing_count"] ?? 0);
  const observed = found["observed_value"];
  if (isRecord(observed))
    return JSON.stringify(observed["values"])
      .replaceAll(/[^a-z0-9]/g, "")
      .startsWith("null");
  return "observed_value" in found && observed === null;
}

const nothing = ["NaN", "nan", "NaT", "None"];

function isAlike(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours) && Array.isArray(theirs))
    return ours.length === theirs.length && ours.every((value, place) => isAlike(value, theirs[place]));
  if (typeof ours === "number" && typeof theirs === "number")
    return Math.abs(ours - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs));
  if (isRecord(ours) && isRecord(theirs))
    return Object.entries(theirs).every(([key, value]) => isAlike(ours[key], value));
  if (typeof ours === "string" && typeof theirs === "string")
    return ours.replace("Infinity", "inf") === theirs.replace(/\.000000$/, "").replace("Infinity", "inf");
  return (ours ?? null) === (nothing.includes(String(theirs)) ? null : (theirs ?? null));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
