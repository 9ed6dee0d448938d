import { readFile } from "node:fs/promises";
import tls from "node:tls";
import { MlopsError, messageOf } from "../errors.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** Where S3 is and how it is spoken to, as far as the environment says so; the AWS SDK finds the rest (profiles, roles). */
export interface S3Settings {
  /** Undefined: Amazon's own, or the one of the profile. */
  readonly endpoint: { readonly url: string; readonly setBy: string } | undefined;
  readonly region: string | undefined;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Undefined: as the SDK decides. */
  readonly pathStyle: boolean | undefined;
  /** Only those of variables. Undefined: the SDK's default chain. */
  readonly credentials:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
  readonly attempts: number;
  readonly tls: { readonly rejectUnauthorized?: boolean; readonly ca?: string[] };
  /** True where an http proxy stands between; NO_PROXY is heeded by Node's agent. */
  readonly hasProxy: boolean;
  readonly env: Env;
}

const endpointNames = ["AWS_ENDPOINT_URL_S3", "MLFLOW_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL"] as const;
/** Six tries with waits of 0.2 s doubling: about 6 s, enough for a server that restarts or a moment of SlowDown. */
const defaultAttempts = 6;

/**
 * Reads AWS_* and MLFLOW_S3_* variables. AWS_ENDPOINT_URL_S3 wins over MLFLOW_S3_ENDPOINT_URL, which wins over AWS_ENDPOINT_URL.
 * Throws one `usage` error that names every variable that cannot be used.
 */
export async function readS3Settings(env: Env): Promise<S3Settings> {
  const problems: string[] = [];
  const endpoint = endpointOf(env, problems);
  const ignoreTls = flag(env, "MLFLOW_S3_IGNORE_TLS", problems) === true;
  const pathStyle = pathStyleOf(env, endpoint?.url, problems);
  const attempts = attemptsOf(env, problems);
  const credentials = credentialsOf(env, problems);
  if (problems.length > 0)
    throw new MlopsError({ kind: "usage", code: "ENVIRONMENT_INVALID", message: problems.join("\n") });
  return {
    endpoint,
    region: read(env, "AWS_REGION") ?? read(env, "AWS_DEFAULT_REGION"),
    pathStyle,
    credentials,
    attempts,
    tls: ignoreTls ? { rejectUnauthorized: false } : await authorities(env),
    hasProxy: ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some(
      (name) => read(env, name) !== undefined,
    ),
    env,
  };
}

export function read(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

function flag(env: Env, name: string, problems: string[]): boolean | undefined {
  const text = read(env, name);
  if (text === undefined) return undefined;
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  problems.push(`${name} is ${JSON.stringify(text)}, expected true, false, 1 or 0.`);
  return undefined;
}

function endpointOf(env: Env, problems: string[]): S3Settings["endpoint"] {
  const isIgnored = flag(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", problems) === true;
  const names = isIgnored ? endpointNames.filter((name) => !name.startsWith("AWS_")) : endpointNames;
  const setBy = names.find((name) => read(env, name) !== undefined);
  const text = setBy === undefined ? undefined : read(env, setBy);
  if (setBy === undefined || text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    problems.push(`${setBy} is no http or https address; one looks like https://minio.example.com:9000.`);
    return undefined;
  }
  if (url.username !== "" || url.password !== "") {
    problems.push(
      `${setBy} holds a user or password; they belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
    return undefined;
  }
  return { url: url.href.replace(/\/$/, ""), setBy };
}

/** MinIO and most others know buckets in the path only; Amazon prefers them in the host name. */
function pathStyleOf(env: Env, endpoint: string | undefined, problems: string[]): boolean | undefined {
  const forced = flag(env, "AWS_S3_FORCE_PATH_STYLE", problems);
  if (forced !== undefined) return forced;
  const style = read(env, "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE");
  if (style === "path" || style === "virtual") return style === "path";
  if (style !== undefined && style !== "auto")
    problems.push(
      `MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE is ${JSON.stringify(style)}, expected path, virtual or auto.`,
    );
  if (endpoint === undefined) return undefined;
  return !/\.amazonaws\.com(\.cn)?(:\d+)?(\/|$)/.test(endpoint);
}

function attemptsOf(env: Env, problems: string[]): number {
  const text = read(env, "AWS_MAX_ATTEMPTS");
  if (text === undefined) return defaultAttempts;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
  problems.push(`AWS_MAX_ATTEMPTS is ${JSON.stringify(text)}, expected a whole number 1 to 100.`);
  return defaultAttempts;
}

/** Like the SDK: a named profile goes before the keys of the environment. */
function credentialsOf(env: Env, problems: string[]): S3Settings["credentials"] {
  if (read(env, "AWS_PROFILE") !== undefined) return undefined;
  const accessKeyId = read(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = read(env, "AWS_SECRET_ACCESS_KEY");
  const sessionToken = read(env, "AWS_SESSION_TOKEN");
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  if (accessKeyId !== undefined) problems.push("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not.");
  if (secretAccessKey !== undefined)
    problems.push("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not.");
  return undefined;
}

/** AWS_CA_BUNDLE replaces the known authorities, as in every AWS tool; GitLab's and OpenSSL's variables add to them. */
async function authorities(env: Env): Promise<{ ca?: string[] }> {
  const bundle = read(env, "AWS_CA_BUNDLE");
  if (bundle !== undefined) return { ca: [await readPem("AWS_CA_BUNDLE", bundle)] };
  const extra: string[] = [];
  for (const name of ["CI_SERVER_TLS_CA_FILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) {
    const file = read(env, name);
    if (file !== undefined) extra.push(await readPem(name, file));
  }
  if (extra.length === 0) return {};
  return { ca: [...tls.getCACertificates("default"), ...extra] };
}

async function readPem(setting: string, file: string): Promise<string> {
  const refuse = (why: string, cause?: unknown) =>
    new MlopsError({
      kind: "usage",
      code: "CERTIFICATE_UNREADABLE",
      message: `${setting} names ${file}, which ${why}.`,
      hint: "In GitLab such a variable has the type File and holds a path.",
      cause,
    });
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw refuse(`cannot be read: ${messageOf(error)}`, error);
  });
  if (!text.includes("-----BEGIN ")) throw refuse('holds no PEM certificate (no "-----BEGIN" line)');
  return text;
}

/** Which credentials were used or looked for, in words without secrets: for the message of a refusal. */
export function credentialsInWords({ env, credentials }: S3Settings): string {
  if (credentials !== undefined) {
    const { accessKeyId } = credentials;
    // The id is no secret, but a user may have pasted the secret into it.
    const id = accessKeyId.length === 20 ? ` ${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}` : "";
    const token = credentials.sessionToken === undefined ? "" : " with AWS_SESSION_TOKEN";
    return `the key of AWS_ACCESS_KEY_ID${id}${token}`;
  }
  const profile = read(env, "AWS_PROFILE");
  if (profile !== undefined) return `the profile ${JSON.stringify(profile)} (AWS_PROFILE)`;
  const role = read(env, "AWS_ROLE_ARN");
  if (read(env, "AWS_WEB_IDENTITY_TOKEN_FILE") !== undefined)
    return `the web-identity token of AWS_WEB_IDENTITY_TOKEN_FILE for ${role ?? "a role that AWS_ROLE_ARN does not name"}`;
  const container =
    read(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI") ?? read(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (container !== undefined) return "the credentials of the container (AWS_CONTAINER_CREDENTIALS_*)";
  return "the default profile of ~/.aws or the role of the machine";
}
