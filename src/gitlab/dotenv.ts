import path from "node:path";
import type { Context } from "../context.ts";
import { MlopsError } from "../errors.ts";
import { writeFileAtomically } from "../files.ts";

/** GitLab refuses the whole report from here on (`dotenv_size`). */
const maximumBytes = 5120;
/** The default of a self-managed GitLab (`dotenv_variables`). */
const maximumVariables = 20;

/**
 * The text of an `artifacts:reports:dotenv` file. GitLab's reader is strict: no blank line, no comment, no quotes,
 * one line a value, and `$X` in a value is expanded when it is used, so `$` is doubled.
 * Source: app/services/ci/parse_dotenv_artifact_service.rb. Throws `usage` for what that reader would refuse or change.
 */
export function formatDotenv(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values);
  const problems = entries.flatMap(([key, value]) => problemsOf(key, value));
  if (entries.length > maximumVariables)
    problems.push(`${entries.length} values, GitLab takes ${maximumVariables}`);
  const text = entries.map(([key, value]) => `${key}=${value.replaceAll("$", "$$$$")}\n`).join("");
  if (Buffer.byteLength(text) >= maximumBytes)
    problems.push(`${Buffer.byteLength(text)} bytes, GitLab takes less than ${maximumBytes}`);
  if (problems.length > 0) {
    throw new MlopsError({
      kind: "usage",
      code: "DOTENV_INVALID",
      message: `GitLab would not take these dotenv values as they are: ${problems.join("; ")}.`,
      hint: "Shorten or rename the value, or pass it to later jobs in the JSON result file.",
    });
  }
  return text;
}

function problemsOf(key: string, value: string): string[] {
  const problems: string[] = [];
  if (!/^[A-Za-z0-9_]{1,255}$/.test(key))
    problems.push(`the name ${JSON.stringify(key)} has characters other than A-Z a-z 0-9 _`);
  if (/[\r\n]/.test(value)) problems.push(`${key} has more than one line`);
  if (value !== value.trim()) problems.push(`${key} begins or ends with a blank, which GitLab cuts off`);
  return problems;
}

export async function writeDotenv(
  file: string,
  values: Readonly<Record<string, string>>,
  context: Context,
): Promise<void> {
  await writeFileAtomically(path.resolve(context.cwd, file), formatDotenv(values));
  context.report.debug(`wrote ${Object.keys(values).join(", ")} to ${file}`);
}
