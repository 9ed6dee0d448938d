import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import type { WorkerAnswer, WorkerRequest } from "./runner.ts";

// The process that the cases run in: the whole command line inside one process, so that a case costs milliseconds and a crash
// of native code ends this process and not the test's.
process.on("message", (request: WorkerRequest) => void answer(request));
process.once("disconnect", () => process.exit());

async function answer({ id, cwd, args }: WorkerRequest): Promise<void> {
  const report = path.join(cwd, "validation_report.json");
  rmSync(report, { force: true });
  const context = testContext({ cwd });
  const exitCode = await run(["validate", ...args], context);
  const { stdout, stderr } = context.printed();
  const written = existsSync(report) ? readFileSync(report, "utf8") : null;
  const found: WorkerAnswer = { id, exitCode, stdout, stderr, report: written };
  process.send?.(found);
}
