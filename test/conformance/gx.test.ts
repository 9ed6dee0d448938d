import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { runSuite } from "../data/gx/run-suite.ts";
import { type GxCase, type GxEngine, gxCasesFolder, readGxCases } from "./gx-cases.ts";
import { differences } from "./gx-compare.ts";
import { gxExceptions } from "./gx-exceptions.ts";
import { writeCaseTable, writeOtherTable } from "./gx-table.ts";

const cases = gxCasesFolder === undefined ? [] : readGxCases(gxCasesFolder);
const passShare = 0.97;

/** Of 0.x; Great Expectations 1.x has them no more. */
const withdrawn = [
  "expect_column_chisquare_test_p_value_to_be_greater_than",
  "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than",
  "expect_column_bootstrapped_ks_test_p_value_to_be_greater_than",
  "expect_column_pair_cramers_phi_value_to_be_less_than",
];
const applicable = cases.filter(({ engines, type }) => engines.length > 0 && !withdrawn.includes(type));

const folder = mkdtempSync(path.join(tmpdir(), "mlops-gx-cases-"));
const tables = new Map<unknown, Map<GxEngine, Promise<string>>>();
const outcomes = new Map<string, readonly string[]>();

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (outcomes.size === 0) return;
  const failed = [...outcomes.values()].filter((found) => found.length > 0).length;
  const rest = cases.length - applicable.length;
  process.stdout.write(
    `Great Expectations' cases: ${outcomes.size - failed} passed, ${failed} failed, ${rest} not applicable\n`,
  );
});

describe.skipIf(gxCasesFolder === undefined)("Great Expectations' own cases", () => {
  it.each(applicable.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const found = await differencesOf(one);
    outcomes.set(name, found);
    const reason = Object.hasOwn(gxExceptions, name) ? gxExceptions[name] : undefined;
    if (reason === undefined) expect(found, found.join("\n")).toEqual([]);
    else expect(found, `it passes by now: take it from the exceptions (${reason})`).not.toEqual([]);
  });

  it("pass but for a few, each with its reason", () => {
    const names = applicable.map((one) => one.name);
    expect(Object.keys(gxExceptions).filter((name) => !names.includes(name))).toEqual([]);
    expect(applicable.length).toBeGreaterThan(300);
    const passed = [...outcomes.values()].filter((found) => found.length === 0).length;
    expect(passed / applicable.length).toBeGreaterThanOrEqual(passShare);
  });
});

it.runIf(gxCasesFolder === undefined)(
  "skips Great Expectations' cases: shared/conformance/gx is not there",
  () => undefined,
);

/** A case passes as it does for one of the engines that it is for: where they differ, ours is one of the two. */
async function differencesOf(one: GxCase): Promise<string[]> {
  const found: string[] = [];
  for (const engine of one.engines) {
    const differences = await differencesFor(one, engine);
    if (differences.length === 0) return [];
    found.push(...differences.map((line) => `${engine}: ${line}`));
  }
  return found;
}

async function differencesFor({ type, test, dataset }: GxCase, engine: GxEngine): Promise<string[]> {
  const file = await tableFor(dataset, engine);
  const suite = pythonJson({
    expectation_suite_name: "case",
    expectations: [{ expectation_type: type, kwargs: test.in }],
  });
  const isErrorWanted = test.error !== undefined || test.out.traceback_substring !== undefined;
  try {
    const run = { suite, file, cwd: folder, now: new Date(), otherTables: await othersOf(dataset) };
    const { gx } = await runSuite(run);
    const [result] = gx.results;
    if (result === undefined) return ["the suite has no result"];
    const isRaised = JSON.stringify(result.exception_info).includes('"raised_exception":true');
    if (isErrorWanted) return isRaised ? [] : ["it was evaluated, expected an error"];
    return differences(test, result);
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    return isErrorWanted ? [] : [`the suite was refused: ${error.message}`];
  }
}

/** JSON as Python writes it: infinities as they are. */
function pythonJson(value: unknown): string {
  const marked = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? `\u0000${item}` : item,
  );
  return marked.replaceAll(/"\\u0000(-?Infinity|NaN)"/g, "$1");
}

async function tableFor(dataset: GxCase["dataset"], engine: GxEngine): Promise<string> {
  const byEngine = tables.get(dataset) ?? new Map<GxEngine, Promise<string>>();
  tables.set(dataset, byEngine);
  const known = byEngine.get(engine);
  if (known !== undefined) return await known;
  const directory = mkdtempSync(path.join(folder, "table-"));
  const written = writeCaseTable(dataset, engine, directory);
  byEngine.set(engine, written);
  return await written;
}

async function othersOf({ data }: GxCase["dataset"]): Promise<Readonly<Record<string, string>>> {
  if (!Array.isArray(data)) return {};
  const others: [string, string][] = [];
  for (const { dataset_name: name, data: columns } of data.slice(1))
    others.push([name, await writeOtherTable(columns, name, folder)]);
  return Object.fromEntries(others);
}
