import type { CommandInput, FlagTable, OptionsOf } from "../../command.ts";
import type { ContractSource } from "../../data/contract/contract-form.ts";

export const validateFlags = {
  dataPath: {
    kind: "path-list",
    value: "PATH",
    summary:
      "file, glob, folder (also with key=value partitions) or s3:// address; several are read as one table",
  },
  contract: {
    kind: "path",
    value: "FILE",
    summary: "YAML file with the rules (default: those in the validate section of mlops.yaml)",
  },
  suite: {
    kind: "path-list",
    value: "FILE",
    summary: "Great Expectations suite (JSON) to run as well",
  },
  param: {
    kind: "list",
    value: "NAME=VALUE",
    summary: 'value of a {"$PARAMETER": NAME} in a suite',
  },
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "validation_report.json",
    summary: "where the report is written, also when the data fails",
  },
  format: {
    kind: "string",
    value: "FORMAT",
    choices: ["mlops", "gx"],
    default: "mlops",
    summary: "form of the report; gx: Great Expectations' own result of the suite",
  },
  resultFormat: {
    kind: "string",
    value: "FORMAT",
    choices: ["BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE"],
    default: "SUMMARY",
    summary: "how much --format gx says of each expectation",
  },
  indexColumn: {
    kind: "list",
    value: "NAME",
    summary: "column that names the unexpected rows in --format gx with COMPLETE",
  },
  junitPath: { kind: "path", value: "FILE", summary: "also write JUnit XML, one test case a rule" },
  codeQualityPath: { kind: "path", value: "FILE", summary: "also write GitLab code quality JSON" },
  htmlPath: {
    kind: "path",
    value: "FILE",
    summary: "also write one HTML page with a profile of every column",
  },
  failingRows: {
    kind: "path",
    value: "FILE",
    summary: "also write all failing rows to a Parquet file, values masked",
  },
  keyColumn: {
    kind: "list",
    value: "NAME",
    summary: "column that comes first in --failing-rows, unmasked",
  },
  showValues: { kind: "boolean", summary: "do not mask values in --failing-rows" },
  maxNullRatio: {
    kind: "fraction",
    value: "SHARE",
    default: 0.05,
    summary: "share of missing values allowed in every column without an own rule",
  },
  minRows: { kind: "integer", value: "N", summary: "rows needed (default: 1); 0 allows an empty table" },
  maxRows: { kind: "integer", value: "N", summary: "rows allowed" },
  previousReport: {
    kind: "path",
    value: "FILE",
    summary: "report of the run before, for rules on the change of rows",
  },
  delimiter: {
    kind: "string",
    value: "CHAR",
    summary: "delimiter of CSV files (default: the one of , ; tab | that the header line uses most)",
  },
  encoding: {
    kind: "string",
    value: "NAME",
    summary: "encoding of CSV files (default: UTF-8, or UTF-16 by its byte order mark)",
  },
  threads: {
    kind: "integer",
    value: "N",
    summary: "threads of the scan (default: the processors of the job)",
  },
  memoryLimit: {
    kind: "string",
    value: "SIZE",
    summary: "memory of the scan, 400MB or 2GB, beyond which it spills to disk (default: 60% of the job's)",
  },
  init: {
    kind: "boolean",
    summary: "write a first contract that the data passes, to --contract or contract.yaml",
  },
  import: {
    kind: "path",
    value: "FILE",
    summary: "write the rules of another tool's FILE as a contract, to --contract or contract.yaml",
  },
  importTable: { kind: "string", value: "NAME", summary: "the table to import where FILE describes several" },
  export: {
    kind: "string",
    value: "FORMAT",
    choices: ["gx", "odcs", "pandera"],
    summary: "print the contract in another tool's format",
  },
  explain: { kind: "boolean", summary: "print the rules and the SQL that would be run; judge nothing" },
} as const satisfies FlagTable;

export type ValidateInput = CommandInput<OptionsOf<typeof validateFlags>, ContractSource>;
export type ValidateOptions = ValidateInput["options"];
