import { execFile } from "node:child_process";
import { jobFacts } from "../gitlab/variables.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface RunTagsRequest {
  readonly env: Env;
  readonly cwd: string;
  readonly source: string;
  /** Redacted: tags are read by everybody who sees the run. */
  readonly command: string;
}

/** Where the run came from: MLflow's own tags, the pipeline's, and the one by which GitLab links a run to its job. */
export async function runTags(request: RunTagsRequest): Promise<Readonly<Record<string, string>>> {
  const { env, cwd } = request;
  const job = jobFacts(env);
  const [commit, branch] = await Promise.all([
    job.commit ?? gitAnswer(["rev-parse", "HEAD"], env, cwd),
    job.branch ?? gitAnswer(["symbolic-ref", "--short", "HEAD"], env, cwd),
  ]);
  const isGitlab = env["GITLAB_CI"] === "true";
  const tags: Readonly<Record<string, string | undefined>> = {
    "mlflow.source.name": request.source,
    "mlflow.source.type": isGitlab ? "JOB" : "LOCAL",
    "mlflow.source.git.commit": commit,
    "mlflow.source.git.branch": branch,
    "mlflow.source.git.repoURL": job.repository,
    "mlflow.user": job.user ?? env["USER"] ?? env["LOGNAME"],
    "mlops.command": request.command,
    "mlops.branch": branch,
    "mlops.pipeline_id": job.pipelineId,
    "mlops.pipeline_url": job.pipelineUrl,
    "mlops.job_id": job.jobId,
    "mlops.job_url": job.jobUrl,
    "gitlab.CI_JOB_ID": isGitlab ? job.jobId : undefined,
  };
  return Object.fromEntries(
    Object.entries(tags).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
    ),
  );
}

/** The tags that runs inside the run carry, too. */
export function contextTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => key.startsWith("mlops.") || key.startsWith("mlflow.source.git.")),
  );
}

/** Undefined without git, outside a repository, before the first commit. */
async function gitAnswer(args: readonly string[], env: Env, cwd: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    execFile("git", [...args], { cwd, env: { ...env }, timeout: 5000 }, (error, stdout) => {
      const answer = stdout.trim();
      resolve(error === null && answer !== "" ? answer : undefined);
    });
  });
}
