type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables by which any MLflow client in a child process reaches the embedded store, and nothing else.
 * `env` is the environment that they are laid over.
 */
export function clientEnvironment(
  env: Env,
  server: { readonly url: string; readonly token: string },
): Readonly<Record<string, string>> {
  return {
    ...loopbackWithoutProxy(env),
    MLFLOW_TRACKING_URI: server.url,
    MLFLOW_TRACKING_TOKEN: server.token,
    // A user and password in ~/.mlflow/credentials would win over the token in the Python client.
    MLFLOW_TRACKING_USERNAME: "mlops",
    MLFLOW_TRACKING_PASSWORD: server.token,
    MLFLOW_DISABLE_TELEMETRY: env["MLFLOW_DISABLE_TELEMETRY"] ?? "true",
  };
}

/** A company's proxy cannot reach our loopback address. */
function loopbackWithoutProxy(env: Env): Readonly<Record<string, string>> {
  const hosts = (env["NO_PROXY"] ?? env["no_proxy"] ?? "").split(",").map((host) => host.trim());
  if (hosts.includes("*")) return {};
  const all = new Set([...hosts.filter((host) => host !== ""), "127.0.0.1", "localhost"]);
  const value = [...all].join(",");
  return { NO_PROXY: value, no_proxy: value };
}
