import type { IncomingMessage } from "node:http";
import { Fields, isRecord } from "./fields.ts";
import { invalid, StoreRefusal } from "./refusal.ts";

/** A dataset's profile alone may have 16 MB. */
const maxBodyBytes = 64 * 1024 * 1024;

/** The fields of a JSON request. MLflow reads what is no JSON as `{}`; here that is a 400 that says so. */
export async function readFields(request: IncomingMessage, query: URLSearchParams): Promise<Fields> {
  if (request.method === "GET") return fieldsOfQuery(query);
  checkContentType(request);
  const text = await readText(request);
  if (text.trim() === "") return new Fields({});
  const value = parseJson(text);
  if (isRecord(value)) return new Fields(value);
  throw new StoreRefusal("BAD_REQUEST", "The request body must be a JSON object.");
}

function fieldsOfQuery(query: URLSearchParams): Fields {
  const values: Record<string, unknown> = Object.create(null);
  for (const name of new Set(query.keys())) {
    const all = query.getAll(name);
    values[name] = listFields.has(name) ? all : all[0];
  }
  return new Fields(values);
}

/** Repeated in a query string; everything else counts once. */
const listFields = new Set(["order_by", "experiment_ids", "stages", "run_ids", "run_id_list"]);

function checkContentType(request: IncomingMessage): void {
  if (request.method !== "POST" && request.method !== "PUT") return;
  const type = request.headers["content-type"];
  if (type === undefined) {
    throw invalid("Bad Request. Content-Type header is missing.");
  }
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw invalid("Bad Request. Content-Type must be one of ['application/json'].");
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
    throw new StoreRefusal("BAD_REQUEST", "The request body must not be compressed.");
  }
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    sizeBytes += bytes.length;
    if (sizeBytes > maxBodyBytes) {
      throw new StoreRefusal("BAD_REQUEST", `The request body is larger than ${maxBodyBytes} bytes.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
    // Old clients send their JSON as a JSON string.
    if (typeof value === "string") value = JSON.parse(value);
  } catch (error) {
    const bare = /[:,[]\s*(NaN|-?Infinity)\b/.exec(text)?.[1];
    const hint = bare === undefined ? "" : ` JSON has no ${bare}: send the string "${bare}".`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreRefusal("BAD_REQUEST", `The request body is not JSON: ${reason}.${hint}`);
  }
  return value === null ? {} : value;
}
