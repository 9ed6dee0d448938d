/**
 * One row = one behaviour of MLflow's REST API that a client can see, stated as data.
 * Strings may hold `{{name}}`: a value that an earlier step saved, that a fixture gave, or `{{unique}}`,
 * a text that no other row has. Paths without a leading `/` stand under `/api/2.0/mlflow/`.
 */
export interface Row {
  /** Unique in the table: `runs.create.random-name`. */
  readonly id: string;
  readonly title: string;
  /** Where the behaviour is written down: a section of the MLflow facts page, and the call. */
  readonly source: string;
  /** Made fresh for the row, by the same calls on both servers; what each saves stands in fixtures.ts. */
  readonly given?: readonly Fixture[];
  readonly steps: readonly Step[];
}

export type Fixture = "experiment" | "run" | "model" | "version" | "logged-model";

export interface Step {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON with its Content-Type. */
  readonly json?: unknown;
  /** Sent as it is, without a Content-Type of its own. */
  readonly raw?: string | Uint8Array;
  /** `Transfer-Encoding: chunked` instead of Content-Length. */
  readonly chunked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Leave the credentials out. */
  readonly anonymous?: boolean;
  readonly expected: Expected;
  /** The embedded store is meant to answer differently, and why. */
  readonly embedded?: Expected & { readonly why: string };
  /** Name -> path into the response body: `{ run: "run.info.run_id" }`. */
  readonly save?: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | readonly string[]>>;

export interface Expected {
  readonly status: number;
  readonly errorCode?: string;
  /** Of an error. */
  readonly message?: string | RegExp;
  /** What the JSON body holds; see match.ts. */
  readonly body?: unknown;
  /** The body as text. */
  readonly text?: string | RegExp;
  /** Response headers, lower case. */
  readonly responseHeaders?: Readonly<Record<string, string | RegExp>>;
}

export type StepOptions = Partial<Omit<Step, "method" | "path" | "expected">> & Partial<Expected>;

function step(method: Step["method"], path: string, options: StepOptions): Step {
  const { status, errorCode, message, body, text, responseHeaders, ...rest } = options;
  const expected = {
    status: status ?? 200,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(message === undefined ? {} : { message }),
    ...("body" in options ? { body } : {}),
    ...(text === undefined ? {} : { text }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
  };
  return { method, path, ...rest, expected };
}

export function post(path: string, json: unknown, options: StepOptions = {}): Step {
  return step("POST", path, { json, ...options });
}

export function patch(path: string, json: unknown, options: StepOptions = {}): Step {
  return step("PATCH", path, { json, ...options });
}

export function remove(path: string, json: unknown, options: StepOptions = {}): Step {
  return step("DELETE", path, json === undefined ? options : { json, ...options });
}

export function get(path: string, query: Query = {}, options: StepOptions = {}): Step {
  return step("GET", path, { query, ...options });
}

/** A POST with a body that JSON.stringify would not write. */
export function postRaw(path: string, raw: string, options: StepOptions = {}): Step {
  return step("POST", path, { raw, headers: { "content-type": "application/json" }, ...options });
}

const artifactRoot = "/api/2.0/mlflow-artifacts/artifacts";

/** `path` is below the artifact root and already encoded. */
export function putArtifact(path: string, raw: string | Uint8Array, options: StepOptions = {}): Step {
  return step("PUT", `${artifactRoot}/${path}`, { raw, ...options });
}

export function getArtifact(path: string, options: StepOptions = {}): Step {
  return step("GET", `${artifactRoot}/${path}`, options);
}

export function listArtifacts(path: string, options: StepOptions = {}): Step {
  return step("GET", artifactRoot, { query: { path }, ...options });
}

export function deleteArtifact(path: string, options: StepOptions = {}): Step {
  return step("DELETE", `${artifactRoot}/${path}`, options);
}

export interface Refusal {
  readonly status: number;
  readonly errorCode: string;
  readonly message?: string | RegExp;
}

function refusal(status: number, errorCode: string, message: string | RegExp | undefined): Refusal {
  return message === undefined ? { status, errorCode } : { status, errorCode, message };
}

/** 400 INVALID_PARAMETER_VALUE */
export function invalid(message?: string | RegExp): Refusal {
  return refusal(400, "INVALID_PARAMETER_VALUE", message);
}

/** 404 RESOURCE_DOES_NOT_EXIST */
export function missing(message?: string | RegExp): Refusal {
  return refusal(404, "RESOURCE_DOES_NOT_EXIST", message);
}

/** 400 RESOURCE_ALREADY_EXISTS */
export function taken(message?: string | RegExp): Refusal {
  return refusal(400, "RESOURCE_ALREADY_EXISTS", message);
}

/** 400 BAD_REQUEST */
export function bad(message?: string | RegExp): Refusal {
  return refusal(400, "BAD_REQUEST", message);
}
