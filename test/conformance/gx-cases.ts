import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { parseJsonDocument } from "../../src/data/gx/json-document.ts";

/** Great Expectations' own cases, beside the project: they are not to be copied into it. */
const folder = path.resolve(import.meta.dirname, "..", "..", "..", "shared", "conformance", "gx");

export const gxCasesFolder = existsSync(folder) ? folder : undefined;

const engines = z.array(z.string()).default([]);

const caseSchema = z.looseObject({
  title: z.string(),
  in: z.record(z.string(), z.unknown()),
  out: z.looseObject({
    success: z.boolean().optional(),
    observed_value: z.unknown().optional(),
    unexpected_list: z.array(z.unknown()).optional(),
    unexpected_index_list: z.array(z.looseObject({ pk_index: z.number() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    result: z.record(z.string(), z.unknown()).optional(),
    traceback_substring: z.string().optional(),
  }),
  error: z.looseObject({ traceback_substring: z.string().optional() }).optional(),
  only_for: engines,
  suppress_test_for: engines,
  tolerance: z.number().optional(),
});

const columns = z.record(z.string(), z.array(z.unknown()));
export type CaseColumns = z.infer<typeof columns>;

const tables = z.array(z.looseObject({ dataset_name: z.string(), data: columns }));

const datasetSchema = z.looseObject({
  dataset_name: z.string().optional(),
  data: z.union([columns, tables]),
  data_alt: columns.optional(),
  schemas: z.record(z.string(), z.unknown()).default({}),
  tests: z.array(caseSchema),
  only_for: engines,
  suppress_test_for: engines,
});
export type GxDataset = z.infer<typeof datasetSchema>;
export type GxCaseTest = z.infer<typeof caseSchema>;

const fileSchema = z.looseObject({ expectation_type: z.string(), datasets: z.array(datasetSchema) });

/** The two engines of Great Expectations whose answers are ours: facts say which where they differ. */
export type GxEngine = "pandas" | "postgresql";

export interface GxCase {
  readonly type: string;
  readonly dataset: GxDataset;
  readonly test: GxCaseTest;
  /** `expect_...: title (dataset)`; unique. */
  readonly name: string;
  /** Engines that the case is for; none: it is about the ways of another database. */
  readonly engines: readonly GxEngine[];
}

/** All cases of the folder, in the order of their files. */
export function readGxCases(root: string): GxCase[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort();
  const found = files.flatMap((name) => {
    const text = readFileSync(path.join(root, name), "utf8");
    const file = fileSchema.parse(parseJsonDocument(text, name).value);
    return file.datasets.flatMap((dataset, place) =>
      dataset.tests.map((test): GxCase => {
        const title = `${file.expectation_type}: ${test.title} (data ${place + 1})`;
        return {
          type: file.expectation_type,
          dataset,
          test,
          name: title,
          engines: enginesOf(dataset, test),
        };
      }),
    );
  });
  return numbered(found);
}

const namesOf = {
  pandas: ["pandas", "pandas>=024", "pandas_v3_api"],
  postgresql: ["postgresql", "sqlalchemy"],
} as const;

function enginesOf(dataset: GxDataset, test: GxCaseTest): GxEngine[] {
  const isFor = (engine: GxEngine, { only_for, suppress_test_for }: GxDataset | GxCaseTest) => {
    const names: readonly string[] = namesOf[engine];
    const isNamed = only_for.length === 0 || only_for.some((name) => names.includes(name));
    return isNamed && !suppress_test_for.some((name) => names.includes(name));
  };
  return (["pandas", "postgresql"] as const).filter(
    (engine) => isFor(engine, dataset) && isFor(engine, test),
  );
}

/** Titles that stand twice in one data set are numbered, so that an exception means one case. */
function numbered(cases: readonly GxCase[]): GxCase[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} #${count}` };
  });
}
