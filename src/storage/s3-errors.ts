import { type ErrorKind, MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { printable } from "../printable.ts";
import {
  elsewhere,
  finalWords,
  type ServerFacts,
  type Subject,
  skewed,
  unavailable,
} from "./s3-error-words.ts";

/** What a failed request means for the next step. */
export type Failure =
  /** May pass by itself; `error` is thrown once no try is left. */
  | { readonly kind: "passing"; readonly error: MlopsError }
  /** The bucket is in another region, which the store names. */
  | { readonly kind: "region"; readonly region: string; readonly error: MlopsError }
  /** The object is no longer the one that was asked for (If-Match). */
  | { readonly kind: "changed"; readonly error: MlopsError }
  | { readonly kind: "final"; readonly error: MlopsError };

const passingNames: ReadonlySet<string> = new Set([
  "SlowDown",
  "InternalError",
  "ServiceUnavailable",
  "RequestTimeout",
  "TooManyRequestsException",
  "ThrottlingException",
  "Throttling",
  "TimeoutError",
  "OperationAborted",
  "IncompleteBody",
]);
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const passingCodes =
  /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|UND_ERR_|ERR_STREAM_PREMATURE|HPE_|S3_CUT|S3_SILENT)/;

/** Judges what a request threw. Errors of ours pass through as final. */
export function failureOf(error: unknown, subject: Subject): Failure {
  if (error instanceof MlopsError) return { kind: "final", error };
  const facts = factsOf(error);
  const make = (kind: ErrorKind, code: string, texts: { readonly message: string; readonly hint: string }) =>
    new MlopsError({ kind, code, ...texts, cause: error });
  if (facts.status === 412 || facts.status === 416)
    return { kind: "changed", error: changedError(subject, error) };
  if (facts.region !== undefined && isElsewhere(facts))
    return { kind: "region", region: facts.region, error: make(...elsewhere(subject, facts)) };
  if (facts.name === "RequestTimeTooSkewed")
    return { kind: "passing", error: make(...skewed(subject, facts)) };
  if (mayPass(facts)) return { kind: "passing", error: make(...unavailable(subject, facts)) };
  return { kind: "final", error: make(...finalWords(subject, facts)) };
}

/** `not-evaluable`: what was read is neither the old object nor the new one. */
export function changedError({ uri }: Pick<Subject, "uri">, cause?: unknown): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "S3_OBJECT_CHANGED",
    message: `${printable(uri)} changed while it was read: its ETag is no longer the one that the read began with.`,
    hint: "Start the job again once the writer is done, or read a path that nobody overwrites (one with a date or a version in it).",
    cause,
  });
}

function factsOf(error: unknown): ServerFacts {
  const read = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null && key in value ? Reflect.get(value, key) : undefined;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const response = read(error, "$response");
  const headers = read(response, "headers");
  const status = read(read(error, "$metadata"), "httpStatusCode") ?? read(response, "statusCode");
  return {
    name:
      text(read(error, "Code")) ??
      text(read(error, "code")) ??
      (error instanceof Error ? error.name : "unknown"),
    status: typeof status === "number" ? status : undefined,
    region: text(read(headers, "x-amz-bucket-region")) ?? text(read(error, "Region")),
    serverTime: text(read(error, "ServerTime")) ?? text(read(headers, "date")),
    systemCode: deepestCode(error),
    message: messageOf(error),
  };
}

function deepestCode(error: unknown): string | undefined {
  let current = error;
  let code: string | undefined;
  for (let depth = 0; depth < 5 && current !== undefined && current !== null; depth++) {
    code = systemCodeOf(current) ?? code;
    if (current instanceof AggregateError) current = current.errors[0];
    else current = current instanceof Error ? current.cause : undefined;
  }
  return code;
}

function isElsewhere({ name, status }: ServerFacts): boolean {
  return (
    status === 301 ||
    status === 307 ||
    [
      "PermanentRedirect",
      "TemporaryRedirect",
      "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException",
    ].includes(name) ||
    // The answer to HEAD has no body that could say more.
    (status === 400 && name !== "ExpiredToken")
  );
}

function mayPass({ name, status, systemCode }: ServerFacts): boolean {
  if (status !== undefined && status >= 400) return passingStatuses.has(status) || passingNames.has(name);
  return passingNames.has(name) || (systemCode !== undefined && passingCodes.test(systemCode));
}
