import { empty } from "../match.ts";
import { bad, get, invalid, post, postRaw, type Row } from "../row.ts";

const json = { status: 404, errorCode: "ENDPOINT_NOT_FOUND" };
const bothSpellings = "protobuf's JSON knows both spellings of every field; the store reads both everywhere";
const tag = { run_id: "{{run}}", key: "k", value: "v" };

export const errors: readonly Row[] = [
  {
    id: "errors.route",
    title: "an unknown route is 404",
    source: "1.7 other bodies",
    steps: ["nonsense", "runs/nonsense", "/api/2.0/nonsense", "/nonsense"].map((path) =>
      get(path, {}, { status: 404, embedded: { ...json, why: "an error is JSON, never an HTML page" } }),
    ),
  },
  {
    id: "errors.method",
    title: "a route with another method is 405",
    source: "1.7 other bodies",
    steps: [
      post(
        "runs/get",
        {},
        {
          status: 405,
          embedded: { ...json, why: "an unknown route and an unknown method are one case, and JSON" },
        },
      ),
    ],
  },
  {
    id: "errors.content-type",
    title: "a POST without Content-Type application/json is 400; a charset is good",
    source: "1 Content-Type",
    given: ["run"],
    steps: [
      postRaw("runs/set-tag", JSON.stringify(tag), { headers: {}, ...invalid("Content-Type") }),
      postRaw("runs/set-tag", JSON.stringify(tag), {
        headers: { "content-type": "text/plain" },
        ...invalid("Content-Type"),
      }),
      postRaw("runs/set-tag", JSON.stringify(tag), {
        headers: { "content-type": "application/json; charset=utf-8" },
        body: empty,
      }),
    ],
  },
  {
    id: "errors.not-json",
    title: "a body that is no JSON is read as {}",
    source: "1 Content-Type",
    steps: [
      postRaw("runs/set-tag", "garbage", {
        ...invalid("run_id"),
        embedded: { ...bad("JSON"), why: "says what is wrong instead of naming the first missing field" },
      }),
    ],
  },
  {
    id: "errors.not-an-object",
    title: "a body that is a JSON array is a 500",
    source: "1.7 other bodies",
    steps: [
      postRaw("runs/set-tag", "[1]", {
        status: 500,
        embedded: {
          ...bad("object"),
          why: "the client retries a 5xx for four minutes; the condition is permanent",
        },
      }),
    ],
  },
  {
    id: "errors.unknown-field",
    title: "unknown fields are ignored, whatever they hold",
    source: "1 JSON",
    given: ["run"],
    steps: [post("runs/set-tag", { nonsense: { a: [1] }, ...tag, run_uuid: "{{run}}" }, { body: empty })],
  },
  {
    id: "errors.camel-case",
    title: "camelCase names fail the required-field check, both spellings at once are 400",
    source: "1 JSON",
    given: ["run"],
    steps: [
      post(
        "runs/set-tag",
        { runId: "{{run}}", key: "k", value: "v" },
        { ...invalid("run_id"), embedded: { status: 200, body: empty, why: bothSpellings } },
      ),
      post("runs/set-tag", { ...tag, runId: "{{run}}" }, invalid("runId")),
    ],
  },
  {
    id: "errors.camel-case.unchecked",
    title: "a field that no check requires is read in camelCase as well",
    source: "1 JSON",
    given: ["experiment"],
    steps: [
      post(
        "runs/create",
        { experimentId: "{{experiment}}", runName: "camel" },
        { body: { run: { info: { run_name: "camel" } } } },
      ),
    ],
  },
  {
    id: "errors.shape",
    title: "an error has error_code and message",
    source: "1.7 errors",
    steps: [
      get(
        "runs/get",
        { run_id: "0123456789abcdef0123456789abcdef" },
        {
          status: 404,
          body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: /0123456789abcdef/ },
          responseHeaders: { "content-type": /^application\/json/ },
        },
      ),
    ],
  },
];
