type Env = Readonly<Record<string, string | undefined>>;

/** What the job knows of itself; every field is undefined outside GitLab. */
export interface JobFacts {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly repository: string | undefined;
  readonly pipelineId: string | undefined;
  readonly pipelineUrl: string | undefined;
  readonly jobId: string | undefined;
  readonly jobName: string | undefined;
  readonly jobUrl: string | undefined;
  readonly user: string | undefined;
}

/** GitLab's predefined variables (docs: ci/variables/predefined_variables). Empty values count as absent. */
export function jobFacts(env: Env): JobFacts {
  const read = (name: string) => (env[name] === "" ? undefined : env[name]);
  return {
    commit: read("CI_COMMIT_SHA"),
    branch: read("CI_COMMIT_REF_NAME"),
    repository: read("CI_PROJECT_URL"),
    pipelineId: read("CI_PIPELINE_ID"),
    pipelineUrl: read("CI_PIPELINE_URL"),
    jobId: read("CI_JOB_ID"),
    jobName: read("CI_JOB_NAME"),
    jobUrl: read("CI_JOB_URL"),
    user: read("GITLAB_USER_LOGIN"),
  };
}

/** True inside a freeze window. GitLab only marks it; what is blocked is up to the job. */
export function isDeployFreeze(env: Env): boolean {
  return env["CI_DEPLOY_FREEZE"] === "true";
}
