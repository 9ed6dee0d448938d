import * as z from "zod";
import { type Verdict, verdict } from "../results/core.ts";
import type { NoticePart } from "./message.ts";

/** Only what is needed of a result file, and that leniently: it may come from another version of this program. */
const anyResult = z.looseObject({
  command: z.string().optional().catch(undefined),
  verdict: verdict.optional().catch(undefined),
  metrics: z.record(z.string(), z.unknown()).optional().catch(undefined),
  checks: z
    .array(z.looseObject({ verdict: z.string() }))
    .optional()
    .catch(undefined),
  release: z
    .looseObject({ release: z.number(), model: z.looseObject({ name: z.string(), version: z.string() }) })
    .nullish()
    .catch(undefined),
  serving: z.looseObject({ endpointUrl: z.string(), version: z.string() }).nullish().catch(undefined),
  failure: z.looseObject({ stage: z.string(), message: z.string() }).nullish().catch(undefined),
  error: z.looseObject({ message: z.string() }).optional().catch(undefined),
});
type AnyResult = z.infer<typeof anyResult>;

const mostLines = 12;

/**
 * The lines of a result file that belong into a message: of checks those that did not pass, of metrics all, of a
 * deployment what serves. `name` is the file's name, for files that do not say which command wrote them.
 */
export function summarise(name: string, document: unknown): NoticePart {
  const parsed = anyResult.safeParse(document);
  if (!parsed.success) return { heading: name, verdict: undefined, lines: ["not a result of mlops"] };
  const result = parsed.data;
  const lines = [
    ...checkLines(result),
    ...metricLines(result),
    ...deploymentLines(result),
    ...(result.error === undefined ? [] : [result.error.message.split("\n")[0] ?? ""]),
  ];
  const rest = lines.length - mostLines;
  return {
    heading: result.command ?? name,
    verdict: result.verdict,
    lines: rest > 0 ? [...lines.slice(0, mostLines), `and ${rest} more`] : lines,
  };
}

/** The verdict of the whole: the gravest of the parts; undefined where no part has one. */
export function gravest(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  const order: readonly Verdict[] = ["error", "fail", "blocked", "inconclusive", "pass"];
  return order.find((word) => verdicts.includes(word));
}

/** Nothing of checks that were never made, since something could not be read. */
function checkLines({ checks, error }: AnyResult): string[] {
  if (checks === undefined || (checks.length === 0 && error !== undefined)) return [];
  const bad = checks.filter((check) => check.verdict !== "pass" && check.verdict !== "skipped");
  const passed = checks.filter((check) => check.verdict === "pass").length;
  const skipped = checks.length - passed - bad.length;
  const note = skipped === 0 ? "" : `, ${skipped} skipped`;
  return [`${passed} of ${checks.length} checks passed${note}`, ...bad.map(checkLine)];
}

function checkLine(check: Readonly<Record<string, unknown>>): string {
  const what = [check["metric"] ?? check["name"], check["subgroup"], check["column"], check["rule"]]
    .filter((part) => typeof part === "string" && part !== "")
    .map(String);
  const seen = (["observed", "limit", "baseline"] as const).flatMap((key) =>
    check[key] === undefined || check[key] === null ? [] : [`${key} ${valueText(check[key])}`],
  );
  return [`${String(check["verdict"])}: ${[...new Set(what)].join(" ")}`, ...seen].join(", ");
}

function metricLines({ metrics }: AnyResult): string[] {
  const entries = Object.entries(metrics ?? {});
  return entries.length === 0
    ? []
    : [entries.map(([name, value]) => `${name} ${valueText(value)}`).join(", ")];
}

function deploymentLines({ release, serving, failure }: AnyResult): string[] {
  const lines: string[] = [];
  if (release)
    lines.push(`${release.model.name} version ${release.model.version} (release ${release.release})`);
  if (failure) lines.push(`failed at ${failure.stage}: ${failure.message.split("\n")[0]}`);
  if (serving) lines.push(`version ${serving.version} serves at ${serving.endpointUrl}`);
  else if (release) lines.push("nothing serves");
  return lines;
}

function valueText(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
}
