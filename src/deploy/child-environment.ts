import { isSecretName } from "../redaction.ts";
import type { DeployedModel } from "../results/deploy.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a serving process gets of the user's environment: everything but secrets (variables whose name says so, URLs
 * with a password in them). Serving outlives the job, so the job's tokens have no business there.
 * Names in `pass` are kept. Returns also the names that were left out.
 */
export function servingEnvironment(
  env: Env,
  pass: readonly string[],
): { readonly env: Record<string, string>; readonly withheld: readonly string[] } {
  const kept: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    const isSecret = isSecretName(name) || /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]+@/i.test(value);
    if (isSecret && !pass.includes(name)) withheld.push(name);
    else kept[name] = value;
  }
  return { env: kept, withheld: withheld.sort() };
}

/** What the serve command is told: where the model's files are and where it must listen. */
export function servingVariables(
  model: Pick<DeployedModel, "name" | "version">,
  place: { readonly modelDirectory: string; readonly port: number },
): Record<string, string> {
  return {
    MLOPS_MODEL_PATH: place.modelDirectory,
    MLOPS_MODEL_NAME: model.name,
    MLOPS_MODEL_VERSION: model.version,
    HOST: "127.0.0.1",
    PORT: String(place.port),
  };
}
