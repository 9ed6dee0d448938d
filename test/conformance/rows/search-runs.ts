import { invalid, type Row } from "../row.ts";
import { found, search, three } from "./three-runs.ts";

function filters(id: string, title: string, cases: Readonly<Record<string, string>>): Row {
  return {
    id: `search.runs.${id}`,
    title,
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [...three, ...Object.entries(cases).map(([filter, names]) => search({ filter }, found(names)))],
  };
}

function refusedFilters(id: string, title: string, cases: readonly string[]): Row {
  return {
    id: `search.runs.${id}`,
    title,
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: cases.map((filter) => search({ filter }, invalid())),
  };
}

export const searchRuns: readonly Row[] = [
  filters("all", "without a filter: all runs, the last started first", { "": "r3 r2 r1" }),
  filters("metrics", "metrics compare as numbers", {
    "metrics.auc > 0.1": "r3 r2",
    "metrics.auc >= 0.2": "r3 r2",
    "metrics.auc < 0.2": "r1",
    "metrics.auc <= 0.2": "r2 r1",
    "metrics.auc = 0.2": "r2",
    "metrics.auc != 0.1": "r3 r2",
    "metric.auc > 0.2": "r3",
    "metrics.`a b` = 2": "r2",
    'metrics."a b" = 2': "r2",
    "metrics.nothing > 0": "",
    "metrics.auc > 1e-1": "r3 r2",
    "metrics.auc > -1": "r3 r2 r1",
    "metrics.auc>.1": "r3 r2",
  }),
  filters("params", "params compare as text: =, !=, LIKE, ILIKE", {
    "params.p = 'v1'": "r1",
    'params.p = "v1"': "r1",
    "params.p != 'v1'": "r3 r2",
    "params.p LIKE 'v%'": "r3 r2 r1",
    "params.p LIKE 'V%'": "",
    "params.p ILIKE 'V1'": "r1",
    "param.p = 'v1'": "r1",
    "parameters.p = 'v1'": "r1",
  }),
  filters("tags", "tags compare as text", {
    "tags.g = '1'": "r1",
    "tags.g != '1'": "r3 r2",
    "tag.g = '1'": "r1",
    "tags.`a b` = 'x'": "r3 r2 r1",
    "tags.mlflow.runName = 'r2'": "r2",
    "tags.nothing = '1'": "",
  }),
  filters("attributes", "attributes: run_name, run_id, status, start_time, artifact_uri", {
    "attributes.run_name = 'r2'": "r2",
    "run_name = 'r2'": "r2",
    "attributes.run_name LIKE 'r%'": "r3 r2 r1",
    "attributes.status = 'RUNNING'": "r3 r2 r1",
    "status != 'RUNNING'": "",
    "attributes.start_time >= 2000": "r3 r2",
    "start_time > 1000": "r3 r2",
    "attributes.end_time > 0": "",
    "attributes.artifact_uri LIKE '%/{{experiment}}/%'": "r3 r2 r1",
    "run_id = '{{r3}}'": "r3",
    "attributes.run_id IN ('{{r1}}', '{{r3}}')": "r3 r1",
    "run_id NOT IN ('{{r1}}', '{{r3}}')": "r2",
  }),
  filters("and", "AND in any case joins comparisons", {
    "metrics.auc > 0.1 and params.p = 'v3'": "r3",
    "metrics.auc > 0.1 AND tags.g != '3' AND run_name LIKE 'r%'": "r2",
    "params.p = 'a and b'": "",
  }),
  filters("null", "IS NULL and IS NOT NULL on params and tags", {
    "params.p IS NULL": "",
    "params.p IS NOT NULL": "r3 r2 r1",
    "tags.nothing IS NULL": "r3 r2 r1",
  }),
  refusedFilters("refused.logic", "OR, NOT and parentheses are 400", [
    "metrics.auc > 0.1 or metrics.auc < 0.2",
    "NOT metrics.auc > 1",
    "(metrics.auc > 0.1)",
    "tags.g IN ('1')",
    "params.p NOT LIKE 'v1'",
  ]),
  refusedFilters("refused.types", "a metric compared with text, a param or tag with a number is 400", [
    "metrics.auc = '0.1'",
    "metrics.auc LIKE '0%'",
    "params.p = 3",
    "params.p > 'v1'",
    "tags.g = 1",
  ]),
  refusedFilters("refused.unquoted", "a key with - or / wants backticks or double quotes", [
    "metrics.a-b > 0",
    "metrics.a/b > 0",
    "tags.a-b = '1'",
    "params.a/b = '1'",
    "tags.a:b = '1'",
  ]),
  refusedFilters("refused.words", "unknown entities and attributes, and nonsense, are 400", [
    "foo.bar = 'x'",
    "attributes.nope = 'x'",
    "garbage",
    "metrics.auc == 0.1",
    "metrics.auc >",
  ]),
];
