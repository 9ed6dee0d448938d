import { readFile } from "node:fs/promises";
import tls from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { MlopsError, messageOf } from "../errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface TlsSettings {
  /** Trusted beside the system's and Node's own authorities. Variable name and file, for messages. */
  readonly extraAuthorities?: readonly NamedFile[];
  /** Trusted instead of all others. */
  readonly onlyAuthorities?: NamedFile;
  readonly insecure?: boolean;
  /** PEM with certificate and key. */
  readonly clientCertificate?: NamedFile;
}

export interface NamedFile {
  readonly setting: string;
  readonly file: string;
}

interface TlsOptions {
  rejectUnauthorized?: boolean;
  ca?: string[];
  cert?: string;
  key?: string;
}

const connectTimeoutMs = 10_000;

/** The authorities that GitLab (`tls_ca_file` of the runner), OpenSSL and Python's requests are told of. */
export function authoritiesOfEnvironment(env: Env): readonly NamedFile[] {
  return ["CI_SERVER_TLS_CA_FILE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"].flatMap((setting) => {
    const file = env[setting];
    return file === undefined || file === "" ? [] : [{ setting, file }];
  });
}

/** Opens a pool of connections for a base URL: TLS as set, and the proxy of the environment unless NO_PROXY excludes it. */
export async function openDispatcher(
  baseUrl: string,
  env: Env,
  tlsSettings: TlsSettings,
): Promise<Dispatcher> {
  const isSecure = baseUrl.startsWith("https:");
  const tlsOptions: TlsOptions = isSecure ? await tlsOptionsOf(tlsSettings) : {};
  const connect = { timeout: connectTimeoutMs, ...tlsOptions };
  const proxy = isSecure
    ? (read(env, "https_proxy") ?? read(env, "all_proxy"))
    : (read(env, "http_proxy") ?? read(env, "all_proxy"));
  if (proxy === undefined) return new Agent({ connect });
  try {
    return new EnvHttpProxyAgent({
      connect,
      requestTls: tlsOptions,
      proxyTls: { timeout: connectTimeoutMs, ...(tlsOptions.ca === undefined ? {} : { ca: tlsOptions.ca }) },
      httpProxy: proxy,
      httpsProxy: proxy,
      // The embedded store listens on loopback; no proxy can reach it.
      noProxy: [read(env, "no_proxy") ?? "", "127.0.0.1", "localhost", "::1"].join(","),
    });
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "PROXY_INVALID",
      message: `The proxy of ${isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"} cannot be used: ${messageOf(error)}.`,
      hint: "It looks like http://proxy.example.com:3128.",
      cause: error,
    });
  }
}

/** Lower case wins, as with curl. */
function read(env: Env, name: string): string | undefined {
  return [env[name], env[name.toUpperCase()]].find((value) => value !== undefined && value !== "");
}

async function tlsOptionsOf(settings: TlsSettings): Promise<TlsOptions> {
  const options: TlsOptions = {};
  if (settings.insecure === true) options.rejectUnauthorized = false;
  if (settings.onlyAuthorities !== undefined) {
    options.ca = [await readPem(settings.onlyAuthorities)];
  } else {
    const extra = await Promise.all((settings.extraAuthorities ?? []).map(readPem));
    options.ca = [
      ...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system"), ...extra]),
    ];
  }
  if (settings.clientCertificate !== undefined) {
    const pem = await readPem(settings.clientCertificate);
    options.cert = pem;
    options.key = pem;
  }
  return options;
}

async function readPem({ setting, file }: NamedFile): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "CERTIFICATE_UNREADABLE",
      message: `${setting} names ${file}, which cannot be read: ${messageOf(error)}.`,
      hint: "In GitLab such a variable has the type File and holds a path.",
      cause: error,
    });
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new MlopsError({
    kind: "usage",
    code: "CERTIFICATE_UNREADABLE",
    message: `${setting} names ${file}, which holds no PEM certificate (no "-----BEGIN" line).`,
  });
}
