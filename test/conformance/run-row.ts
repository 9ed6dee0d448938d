import { randomBytes } from "node:crypto";
import { fixtureSteps } from "./fixtures.ts";
import { type Peer, type RawResponse, send } from "./http.ts";
import { AnyOrder, isRecord, mismatches, shorten } from "./match.ts";
import type { Expected, Query, Row, Step } from "./row.ts";

type Values = Map<string, string>;

/** Runs a row's steps in order and throws at the first that is not answered as it should be, with what was sent and got. */
export async function runRow(row: Row, peer: Peer): Promise<void> {
  const values: Values = new Map([["unique", `row-${randomBytes(6).toString("hex")}`]]);
  for (const step of [...fixtureSteps(row.given ?? []), ...row.steps]) await runStep(step, peer, values);
}

async function runStep(step: Step, peer: Peer, values: Values): Promise<void> {
  const target = targetOf(step, values);
  const response = await send(peer, {
    method: step.method,
    target,
    headers: headersOf(step, peer),
    ...bodyOf(step, values),
    chunked: step.chunked ?? false,
  });
  const expected = peer.kind === "embedded" && step.embedded !== undefined ? step.embedded : step.expected;
  const wrong = differences(filled(expected, values), response);
  if (wrong.length > 0) {
    throw new Error(
      `${step.method} ${shorten(target)} ${shorten(JSON.stringify(filled(step.json, values)) ?? "")}\n` +
        `${wrong.map((line) => `  ${line}`).join("\n")}\n  answer: ${response.status} ${shorten(response.text)}`,
    );
  }
  for (const [name, place] of Object.entries(step.save ?? {})) {
    values.set(name, textAt(place, parsed(response.text)));
  }
}

function differences(expected: Expected, response: RawResponse): string[] {
  const wrong =
    response.status === expected.status
      ? []
      : [`status: expected ${expected.status}, got ${response.status}`];
  const body = parsed(response.text);
  if (expected.errorCode !== undefined) {
    wrong.push(...mismatches({ error_code: expected.errorCode }, body));
  }
  if (expected.message !== undefined) {
    wrong.push(...wrongMessage(expected.message, isRecord(body) ? body["message"] : undefined));
  }
  if (expected.body !== undefined) wrong.push(...mismatches(expected.body, body));
  if (expected.text !== undefined) wrong.push(...mismatches(expected.text, response.text, "text"));
  wrong.push(...mismatches(expected.responseHeaders ?? {}, response.headers, "headers"));
  return wrong;
}

/** A message given as text need only be part of the message. */
function wrongMessage(expected: string | RegExp, got: unknown): string[] {
  if (typeof expected !== "string") return mismatches(expected, got, "message");
  const found = typeof got === "string" && got.includes(expected);
  return found ? [] : [`message: expected to hold "${expected}"`];
}

function targetOf(step: Step, values: Values): string {
  const path = String(filled(step.path, values));
  const query = queryOf(step.query ?? {}, values);
  const target = path.startsWith("/") ? path : `/api/2.0/mlflow/${path}`;
  return query === "" ? target : `${target}?${query}`;
}

function queryOf(query: Query, values: Values): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === "string" ? [value] : value)
      search.append(name, String(filled(one, values)));
  }
  return search.toString();
}

function headersOf(step: Step, peer: Peer): Record<string, string> {
  const withToken = peer.token !== undefined && step.anonymous !== true;
  return {
    ...(withToken ? { authorization: `Bearer ${peer.token}` } : {}),
    ...(step.json === undefined ? {} : { "content-type": "application/json" }),
    ...step.headers,
  };
}

function bodyOf(step: Step, values: Values): { body?: string | Uint8Array } {
  if (step.json !== undefined) return { body: JSON.stringify(filled(step.json, values)) };
  if (step.raw === undefined) return {};
  return { body: typeof step.raw === "string" ? filled(step.raw, values) : step.raw };
}

/** A copy with every `{{name}}` in strings replaced; what is not a plain object, array or string stays as it is. */
function filled<T>(template: T, values: Values): T;
function filled(template: unknown, values: Values): unknown {
  if (typeof template === "string") {
    return template.replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`The row uses {{${name}}} before anything saved it.`);
      return value;
    });
  }
  if (Array.isArray(template)) return template.map((item) => filled(item, values));
  if (template instanceof AnyOrder) return new AnyOrder(template.items.map((item) => filled(item, values)));
  if (isRecord(template) && Object.getPrototypeOf(template) === Object.prototype) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, values)]));
  }
  return template;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: that is for the matchers to find wrong, or for `text` to find right.
    return undefined;
  }
}

function textAt(place: string, body: unknown): string {
  let found: unknown = body;
  for (const key of place.split(".")) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isRecord(found) ? found[key] : undefined;
  }
  if (typeof found !== "string" && typeof found !== "number") {
    throw new Error(`There is no text at ${place} in ${shorten(JSON.stringify(body) ?? "nothing")}.`);
  }
  return String(found);
}
