import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "ini";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { basicAuthorization } from "../http/address.ts";
import { authoritiesOfEnvironment, type TlsSettings } from "../http/connection.ts";
import { defaultRetry, type RetrySettings } from "../http/retry.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** MLflow's own environment variables, as its Python client reads them (facts: `mlflow/environment_variables.py`). */
export interface TransportSettings {
  readonly retry: RetrySettings;
  readonly timeoutMs: number;
  readonly tls: TlsSettings;
  readonly followRedirects: boolean;
}

const defaultTimeoutMs = 60_000;

/** Throws one `usage` error that names every variable whose value cannot be used. */
export function transportSettings(env: Env): TransportSettings {
  const problems: string[] = [];
  const read = (name: string) => (env[name] === "" ? undefined : env[name]);
  const number = (name: string, limits: { readonly least: number; readonly most: number }) => {
    const text = read(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== "" && value >= limits.least && value <= limits.most) return value;
    problems.push(`${name} is ${JSON.stringify(text)}, expected a number ${limits.least} to ${limits.most}.`);
    return undefined;
  };
  const flag = (name: string) => {
    const text = read(name)?.toLowerCase();
    if (text === undefined || text === "false" || text === "0") return false;
    if (text === "true" || text === "1") return true;
    problems.push(`${name} is ${JSON.stringify(text)}, expected true, false, 1 or 0.`);
    return false;
  };
  const retries = number("MLFLOW_HTTP_REQUEST_MAX_RETRIES", { least: 0, most: 10 });
  const factor = number("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", { least: 0, most: 120 });
  const timeout = number("MLFLOW_HTTP_REQUEST_TIMEOUT", { least: 0.001, most: 86_400 });
  const insecure = flag("MLFLOW_TRACKING_INSECURE_TLS");
  const bundle = read("MLFLOW_TRACKING_SERVER_CERT_PATH");
  const clientFile = read("MLFLOW_TRACKING_CLIENT_CERT_PATH");
  if (insecure && bundle !== undefined)
    problems.push("MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each other.");
  const redirects = read("MLFLOW_ALLOW_HTTP_REDIRECTS") === undefined || flag("MLFLOW_ALLOW_HTTP_REDIRECTS");
  const respect =
    read("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER") === undefined ||
    flag("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER");
  if (problems.length > 0)
    throw new MlopsError({ kind: "usage", code: "ENVIRONMENT_INVALID", message: problems.join("\n") });
  return {
    retry: {
      ...defaultRetry,
      respectRetryAfter: respect,
      ...(retries === undefined ? {} : { maxRetries: retries }),
      ...(factor === undefined ? {} : { backoffFactor: factor }),
      // Who asks for MLflow's long waits gets them.
      ...(retries === undefined && factor === undefined ? {} : { deadlineMs: 600_000 }),
    },
    timeoutMs: timeout === undefined ? defaultTimeoutMs : timeout * 1000,
    tls: {
      insecure,
      extraAuthorities: authoritiesOfEnvironment(env),
      ...(bundle === undefined
        ? {}
        : { onlyAuthorities: { setting: "MLFLOW_TRACKING_SERVER_CERT_PATH", file: bundle } }),
      ...(clientFile === undefined
        ? {}
        : { clientCertificate: { setting: "MLFLOW_TRACKING_CLIENT_CERT_PATH", file: clientFile } }),
    },
    followRedirects: redirects,
  };
}

export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly secrets: readonly string[];
  /** What a child process needs to say the same: the variables that were used. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * User and password (from the environment, else `~/.mlflow/credentials`) win over MLFLOW_TRACKING_TOKEN, as in the
 * Python client; a user without a password counts as none.
 */
export async function readCredentials(env: Env): Promise<Credentials> {
  for (const name of ["MLFLOW_TRACKING_AWS_SIGV4", "MLFLOW_TRACKING_AUTH"]) {
    if (env[name] === undefined || env[name] === "" || env[name] === "false") continue;
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: `${name} is set; mlops cannot sign requests that way yet.`,
      hint: "Use MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
    });
  }
  const file = await readCredentialsFile(env);
  const user = nonEmpty(env["MLFLOW_TRACKING_USERNAME"]) ?? file.user;
  const password = nonEmpty(env["MLFLOW_TRACKING_PASSWORD"]) ?? file.password;
  if (user !== undefined && password !== undefined) {
    return {
      authorization: basicAuthorization(user, password),
      secrets: [password, `${user}:${password}`],
      variables: { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password },
    };
  }
  const token = nonEmpty(env["MLFLOW_TRACKING_TOKEN"])?.trim();
  if (token === undefined || token === "") return { authorization: undefined, secrets: [], variables: {} };
  return {
    authorization: `Bearer ${token}`,
    secrets: [token],
    variables: { MLFLOW_TRACKING_TOKEN: token },
  };
}

async function readCredentialsFile(
  env: Env,
): Promise<{ readonly user: string | undefined; readonly password: string | undefined }> {
  const none = { user: undefined, password: undefined };
  const home = nonEmpty(env["HOME"]) ?? nonEmpty(env["USERPROFILE"]);
  if (home === undefined) return none;
  const file = path.join(home, ".mlflow", "credentials");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return none;
    throw new MlopsError({
      kind: "usage",
      code: "CREDENTIALS_UNREADABLE",
      message: `${file} cannot be read: ${messageOf(error)}.`,
      cause: error,
    });
  }
  const section: unknown = parse(text)["mlflow"];
  if (typeof section !== "object" || section === null) return none;
  const values = new Map(Object.entries(section).map(([key, value]) => [key, String(value)]));
  return {
    user: nonEmpty(values.get("mlflow_tracking_username")),
    password: nonEmpty(values.get("mlflow_tracking_password")),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
