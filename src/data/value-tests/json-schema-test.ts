import { Ajv, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { messageOf } from "../../errors.ts";
import type { CompiledValueTest, ValueTestError } from "./compiled-test.ts";
import { parsePythonJson } from "./python-json.ts";

/** As Python's `jsonschema` has it: formats are annotations, unknown words are let be, infinite numbers are numbers. */
const options: Options = {
  strict: false,
  validateFormats: false,
  strictNumbers: false,
  validateSchema: true,
  allErrors: false,
  logger: false,
};

/** A test of JSON texts against a schema. A text that is no JSON has no verdict, as in Great Expectations. */
export function jsonSchemaTest(schema: unknown): CompiledValueTest | ValueTestError {
  if (typeof schema === "boolean" || isObject(schema)) return compiled(schema);
  return { error: "a JSON schema has to be an object" };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compiled(schema: boolean | Readonly<Record<string, unknown>>): CompiledValueTest | ValueTestError {
  const draft = typeof schema === "boolean" ? undefined : schema["$schema"];
  const validator = validatorOf(draft);
  if ("error" in validator) return validator;
  try {
    // The draft was chosen by it; ajv would look for one of that very address.
    const validate = validator.ajv.compile(typeof schema === "boolean" ? schema : withoutDraft(schema));
    return (text) => {
      const json = parsePythonJson(text);
      return json === undefined ? { error: "a value is no JSON" } : validate(json.value);
    };
  } catch (error) {
    return { error: `json_schema cannot be used: ${messageOf(error)}` };
  }
}

function withoutDraft(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}

/** The newest draft where none is named. */
function validatorOf(draft: unknown): { readonly ajv: Ajv } | ValueTestError {
  const name =
    typeof draft === "string" ? draft.replace(/^https?:\/\/json-schema\.org\//, "").replace(/#$/, "") : "";
  switch (name) {
    case "draft-06/schema":
    case "draft-07/schema":
      return { ajv: new Ajv(options) };
    case "draft/2019-09/schema":
      return { ajv: new Ajv2019(options) };
    case "":
    case "draft/2020-12/schema":
      return { ajv: new Ajv2020(options) };
    default:
      return {
        error: `${JSON.stringify(draft)} is no draft of JSON Schema that is known here (06, 07, 2019-09, 2020-12)`,
      };
  }
}
