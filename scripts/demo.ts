import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { prepareStage, type Stage } from "./demo-stage.ts";
import { chapters, farewell, type Step } from "./demo-story.ts";

/** What one command took, in ms. */
interface Timing {
  readonly command: string;
  readonly exitCode: number;
  readonly totalMs: number;
  /** Of it, the time in which the user's Python ran (training, scoring) or started up (serving). */
  readonly pythonMs: number;
}

/** A command did not do what the story says. */
class DemoError extends Error {}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => interrupted.abort(new DemoError(`Interrupted (${signal}).`)));

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function play(stage: Stage): Promise<Timing[]> {
  const timings: Timing[] = [];
  const take = async (step: Step) => timings.push(await perform(step, stage));
  let isServing = false;
  try {
    for (const { title, steps } of chapters) {
      print(`\n${"=".repeat(8)} ${title} ${"=".repeat(8)}`);
      for (const step of steps) {
        if (step.serves === true) isServing = true;
        await take(step);
      }
    }
    print("\nThe gate said no (exit 3), so the pipeline would end here. Who serves?");
    await askEndpoint(stage);
  } finally {
    if (isServing) await take(farewell);
  }
  return timings;
}

async function perform(step: Step, stage: Stage): Promise<Timing> {
  const { project, env, clockFile } = stage;
  if (step !== farewell) interrupted.signal.throwIfAborted();
  print(`\n$ ${step.command}`);
  rmSync(clockFile, { force: true });
  const started = performance.now();
  const child = spawn("sh", ["-c", step.command], {
    cwd: project,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
  const totalMs = performance.now() - started;
  if (step.exitCode !== 0 || exitCode !== 0) print(`(exit code ${exitCode})`);
  if (exitCode !== step.exitCode)
    throw new DemoError(`\`${step.command}\` ended with exit code ${exitCode} instead of ${step.exitCode}.`);
  return { command: step.command, exitCode, totalMs, pythonMs: pythonTimeOf(step, stage) };
}

/** In ms: how long the Python ran that the command waited for; of a server, how long it took to listen. */
function pythonTimeOf({ serves }: Step, { project, clockFile }: Stage): number {
  if (serves !== true) return existsSync(clockFile) ? sumOf(readFileSync(clockFile, "utf8")) : 0;
  // The log begins with the process, and its last line says that the server listens.
  const { release } = readResult(project, "deployment.json") as { release?: { release?: number } };
  const log = statSync(
    path.join(project, ".mlops", "deployments", "local", `release-${release?.release}.log`),
  );
  return log.mtimeMs - log.birthtimeMs;
}

function sumOf(lines: string): number {
  return lines.split("\n").reduce((sum, line) => sum + Number(line), 0);
}

function readResult(project: string, file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(project, file), "utf8"));
}

async function askEndpoint({ project }: Stage): Promise<void> {
  const { serving } = readResult(project, "deployment.json") as { serving?: { endpointUrl?: string } };
  const base = serving?.endpointUrl ?? "";
  const person = readFileSync(path.join(project, "person.json"), "utf8");
  const health = await ask(new URL("/health", base));
  print(`GET ${base}/health\n  ${JSON.stringify(health)}`);
  const answer = await ask(new URL("/predict", base), person);
  print(`POST ${base}/predict < person.json\n  ${JSON.stringify(answer)}`);
  if (health["version"] !== "2")
    throw new DemoError(`Version ${health["version"]} serves instead of version 2.`);
  const risk: unknown = answer["prediction"];
  if (typeof risk !== "number" || risk <= 0 || risk >= 1)
    throw new DemoError(`The prediction is ${JSON.stringify(answer)}, expected a share between 0 and 1.`);
  print(`Version 2 does; it puts this person's risk of having died by 1992 at ${(100 * risk).toFixed(0)} %.`);
}

async function ask(url: URL, body?: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, body === undefined ? {} : { method: "POST", body });
  return (await response.json()) as Record<string, unknown>;
}

function printSummary(timings: readonly Timing[], { project }: Stage): void {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(8);
  print(`\n${"what ran".padEnd(44)} exit    total   Python    mlops`);
  for (const { command, exitCode, totalMs, pythonMs } of timings) {
    const shown = command.length > 44 ? `${command.slice(0, 43)}…` : command.padEnd(44);
    print(
      `${shown} ${String(exitCode).padStart(4)} ${seconds(totalMs)} ${seconds(pythonMs)} ${seconds(totalMs - pythonMs)}`,
    );
  }
  const totalMs = timings.reduce((sum, one) => sum + one.totalMs, 0);
  const pythonMs = timings.reduce((sum, one) => sum + one.pythonMs, 0);
  print(`${"together".padEnd(49)} ${seconds(totalMs)} ${seconds(pythonMs)} ${seconds(totalMs - pythonMs)}`);
  const shown = path.relative(process.cwd(), project);
  print(`
The project       ${shown}
Results           validation_report.json, evaluation_results.json, gate.json, registration.json, deployment.json, promotion.json
Runs and models   .mlops/store

Look at them with any MLflow client:   mlops store exec -- python -c "import mlflow; print(mlflow.search_runs(search_all_experiments=True))"
Take them to MLflow's user interface:  mlops store export export
  (with the whole mlflow installed)    mlflow migrate-filestore --source export --target sqlite:///mlflow.db --no-progress
                                       mlflow server --backend-store-uri sqlite:///mlflow.db --artifacts-destination export
Use a server from the start:           export MLFLOW_TRACKING_URI=https://mlflow.example.com`);
}

try {
  const stage = prepareStage(new Date());
  print(`A copy of examples/mortality: ${path.relative(process.cwd(), stage.project)}`);
  print("No MLflow server is configured: everything is kept in the project's own folder, .mlops/store.");
  printSummary(await play(stage), stage);
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`\nThe demo failed: ${error.message}\n`);
  process.exitCode = 1;
}
