import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import type { AttemptInput } from "./attempt.ts";
import type { Attempt } from "./retry.ts";

/** No connection came about: the server has seen nothing of the request. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_TLS",
]);

/** Does not pass by itself. */
const certificateCode = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH)/;

/** What a failed attempt means. Errors of ours pass as they are: `consume` throws them. */
export function transportError(
  error: unknown,
  input: AttemptInput,
): { readonly state: Attempt; readonly error: Error } {
  if (error instanceof MlopsError) throw error;
  const code = deepestCode(error);
  if (code !== undefined && certificateCode.test(code)) throw certificateError(error, code, input);
  const isUnsent = code !== undefined && unsentCodes.has(code);
  return {
    state: { kind: isUnsent ? "unsent" : "broken" },
    error: new MlopsError({
      kind: "unavailable",
      code: isUnsent ? "SERVER_UNREACHABLE" : "CONNECTION_BROKEN",
      message: `${placeOf(input)} ${whatHappened(error, code, input)}${tries(input)}.`,
      hint: isUnsent
        ? "Check the address, the network and the proxy settings (HTTPS_PROXY, NO_PROXY); the job can be started again."
        : "The job can be started again.",
      cause: error,
    }),
  };
}

function whatHappened(error: unknown, code: string | undefined, input: AttemptInput): string {
  const seconds = `${Math.round(input.timeoutMs / 100) / 10} s`;
  if (error instanceof Error && error.name === "TimeoutError") return `did not answer within ${seconds}`;
  switch (code) {
    case "ECONNREFUSED":
      return "refuses connections (ECONNREFUSED)";
    case "ENOTFOUND":
      return "cannot be found: its host name is not known (ENOTFOUND)";
    case "EAI_AGAIN":
      return "cannot be found: the name service did not answer (EAI_AGAIN)";
    case "UND_ERR_CONNECT_TIMEOUT":
      return "cannot be reached: no connection within 10 s";
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return `was silent for ${seconds}`;
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
    case "EPIPE":
      return `closed the connection in the middle of ${input.request.method} ${input.request.path}`;
    default:
      return `cannot be used: ${messageOf(error)}${code === undefined ? "" : ` (${code})`}`;
  }
}

/** Who it is that failed: the server, or where it sent us (a login page, say). */
function placeOf({ options: { server, address }, redirectedTo }: AttemptInput): string {
  const asked = `${server.title} at ${address.url}`;
  return redirectedTo === undefined ? asked : `${asked} redirects to ${redirectedTo}, which`;
}

function tries(input: AttemptInput): string {
  return input.attempts > 1 ? ` (${input.attempts} attempts)` : "";
}

function certificateError(error: unknown, code: string, input: AttemptInput): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "TLS_NOT_TRUSTED",
    message: `${placeOf(input)} was refused: ${messageOf(error)} (${code}).`,
    hint: "Name your authority's PEM file in CI_SERVER_TLS_CA_FILE, SSL_CERT_FILE or MLFLOW_TRACKING_SERVER_CERT_PATH.",
    cause: error,
  });
}

/** An AggregateError (several addresses of one host) and `cause` chains hide the system's code. */
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
