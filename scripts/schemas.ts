import { writeFileSync } from "node:fs";
import path from "node:path";
import { type ZodType, z } from "zod";
import { commonFlags, configKey, type FlagDefinition } from "../src/command.ts";
import { commands } from "../src/commands/all.ts";
import { sectionOf } from "../src/config/check.ts";
import { contractFileSchema } from "../src/data/contract/contract.ts";
import { comparisonResult } from "../src/results/comparison.ts";
import { errorResult } from "../src/results/core.ts";
import { deploymentResult } from "../src/results/deploy.ts";
import { evaluationResults } from "../src/results/evaluation-results.ts";
import { gateResult } from "../src/results/gate.ts";
import { notificationResult } from "../src/results/notify.ts";
import { promoteResult } from "../src/results/promote.ts";
import { registerResult } from "../src/results/register.ts";
import { trainResult } from "../src/results/train.ts";
import { validationReport } from "../src/results/validation-report.ts";

type JsonSchema = Record<string, unknown>;

/** Every JSON Schema that is shipped, by file name in `schemas/`. Generated from the zod schemas and the flag tables. */
export async function allSchemas(): Promise<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {
    "mlops-yaml.schema.json": await settingsSchema(),
    "validation-contract.schema.json": {
      title: "contract of mlops validate",
      ...withoutRefused(z.toJSONSchema(contractFileSchema, { io: "input", reused: "ref" })),
    },
  };
  for (const [name, schema] of Object.entries(resultSchemas())) {
    schemas[`${name}.schema.json`] = {
      title: `${name} of mlops`,
      ...z.toJSONSchema(schema, { io: "output" }),
    };
  }
  return schemas;
}

function resultSchemas(): Record<string, ZodType> {
  return {
    error: errorResult,
    validation_report: validationReport,
    training_result: trainResult,
    evaluation_results: evaluationResults,
    comparison: comparisonResult,
    gate: gateResult,
    registration: registerResult,
    deployment: deploymentResult,
    promotion: promoteResult,
    notification: notificationResult,
  };
}

async function settingsSchema(): Promise<JsonSchema> {
  const properties: JsonSchema = { version: { const: 1, description: "version of this file's format" } };
  for (const command of commands) {
    for (const [option, flag] of Object.entries(command.flags)) {
      if (flag.shared === true) properties[configKey(option)] = flagSchema(flag);
    }
  }
  for (const section of new Set(commands.map(sectionOf))) {
    properties[section] = await sectionSchema(section);
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "mlops.yaml",
    type: "object",
    properties,
    additionalProperties: false,
  };
}

async function sectionSchema(section: string): Promise<JsonSchema> {
  const own = commands.filter((command) => sectionOf(command) === section);
  const properties: JsonSchema = {};
  for (const command of own) {
    for (const [option, flag] of Object.entries({ ...command.flags, ...commonFlags })) {
      if (option !== "config") properties[configKey(option)] = flagSchema(flag);
    }
  }
  const extras = await own.find((command) => command.extras !== undefined)?.extras?.();
  if (extras !== undefined) {
    const { properties: structured } = withoutRefused(z.toJSONSchema(extras, { io: "input" }));
    Object.assign(properties, structured);
  }
  return {
    type: ["object", "null"],
    description: own[0]?.summary ?? section,
    properties,
    additionalProperties: false,
  };
}

/** Keys that the program knows only to refuse them by name (`{not: {}}`) are none that an editor should offer. */
function withoutRefused(schema: JsonSchema): JsonSchema {
  const definitions = isObject(schema["$defs"]) ? schema["$defs"] : {};
  const isRefused = (one: unknown): boolean => {
    if (!isObject(one)) return false;
    const { $ref: reference } = one;
    return typeof reference === "string"
      ? isRefused(definitions[reference.replace("#/$defs/", "")])
      : one["not"] !== undefined;
  };
  const pruned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(pruned);
    return isObject(value) ? prunedObject(value) : value;
  };
  const prunedObject = (value: JsonSchema): JsonSchema => {
    const kept = Object.entries(value).filter(([, one]) => !isRefused(one));
    return Object.fromEntries(kept.map(([key, one]) => [key, pruned(one)]));
  };
  return prunedObject(schema);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function flagSchema(flag: FlagDefinition): JsonSchema {
  const described = {
    description: flag.summary,
    ...(flag.default === undefined ? {} : { default: flag.default }),
  };
  const choices = flag.choices === undefined ? {} : { enum: flag.choices };
  switch (flag.kind) {
    case "boolean":
      return { type: "boolean", ...described };
    case "integer":
      return { type: "integer", ...described };
    case "number":
      return { type: "number", ...described };
    case "fraction":
    case "duration":
      return { type: ["number", "string"], ...described };
    case "list":
    case "path-list":
      return { type: ["string", "number", "array"], items: { type: ["string", "number"] }, ...described };
    case "string":
    case "path":
      return { type: flag.choices === undefined ? ["string", "number"] : "string", ...choices, ...described };
  }
}

if (import.meta.main) {
  const folder = path.resolve(import.meta.dirname, "..", "schemas");
  for (const [name, schema] of Object.entries(await allSchemas())) {
    writeFileSync(path.join(folder, name), `${JSON.stringify(schema, undefined, 2)}\n`);
  }
}
