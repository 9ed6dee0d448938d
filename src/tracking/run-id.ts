import { readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";

/** The file that `mlops train` leaves in its output folder. */
const runIdFileName = "mlflow_run_id.txt";

/** The run id as given, else from the file, else from `mlflow_run_id.txt` in the output folder. */
export async function findRunId(request: {
  readonly runId: string | undefined;
  readonly runIdFile: string | undefined;
  readonly outputDir: string;
  readonly cwd: string;
}): Promise<string> {
  const { runId, runIdFile, outputDir, cwd } = request;
  if (runId !== undefined) return checkRunId(runId.trim(), "--run-id (or MLFLOW_RUN_ID)");
  if (runIdFile !== undefined) {
    const text = await readIfThere(path.resolve(cwd, runIdFile));
    if (text !== undefined) return checkRunId(text, runIdFile);
    throw new MlopsError({
      kind: "usage",
      code: "RUN_ID_FILE_MISSING",
      message: `${runIdFile} (--run-id-file) does not exist.`,
      hint: "`mlops train` writes it into its --output-dir; in GitLab list it under artifacts:paths.",
    });
  }
  const file = path.join(outputDir, runIdFileName);
  const text = await readIfThere(path.resolve(cwd, file));
  if (text !== undefined) return checkRunId(text, file);
  throw new MlopsError({
    kind: "usage",
    code: "RUN_ID_MISSING",
    message: `It is not known which run to register: no --run-id, no MLFLOW_RUN_ID, and no ${file}.`,
    hint: "`mlops train --dotenv FILE` passes MLFLOW_RUN_ID to later jobs.",
  });
}

function checkRunId(runId: string, where: string): string {
  if (/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId)) return runId;
  throw new MlopsError({
    kind: "usage",
    code: "RUN_ID_INVALID",
    message: `${where} holds ${JSON.stringify(runId.slice(0, 80))}, which is no run id.`,
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw new MlopsError({
      kind: "usage",
      code: "RUN_ID_FILE_UNREADABLE",
      message: `${file} cannot be read: ${messageOf(error)}.`,
      cause: error,
    });
  }
}
