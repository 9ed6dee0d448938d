import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startStubServer } from "../support/stub-server.ts";

/** Quick failure instead of the usual patience with a server that is away. */
const impatient = { MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0" };

async function stub(status: number, type: string, body: string) {
  const server = await startStubServer((_request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  });
  onTestFinished(() => server.close());
  return server;
}

describe("exit codes of the built program", () => {
  it("0 and 3: a table that holds its limits, and one that does not; the report is written both times", async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, "t.csv"), "id,age\n1,30\n2,41\n3,\n");
    expect(
      await runCli(["validate", "--data-path", "t.csv", "--max-null-ratio", "50%"], { cwd }),
    ).toMatchObject({ code: 0 });
    const bad = await runCli(["validate", "--data-path", "t.csv", "--output-path", "r.json"], { cwd });
    expect(bad).toMatchObject({ code: 3 });
    expect(bad.stdout).toContain("age");
  });

  it("2: a missing flag is named", async () => {
    const result = await runCli(["gate"], { cwd: temporaryFolder() });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/error: .*/);
  });

  it("2: a command that needs a store says that there is none, and makes none", async () => {
    const cwd = temporaryFolder();
    const model = ["--model-name", "m", "--model-version", "1"];
    for (const args of [
      ["register", "--model-name", "m", "--run-id", "r", "--dry-run"],
      ["promote", ...model, "--alias", "champion"],
      ["deploy", ...model, "--", "true"],
    ]) {
      const result = await runCli(args, { cwd });
      expect(result).toMatchObject({ code: 2 });
      expect(result.stderr).toContain("There is no store in .mlops/store");
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("prints an error as JSON, too, where MLOPS_JSON or mlops.yaml asked for JSON", async () => {
    const cwd = temporaryFolder();
    const byVariable = await runCli(["train", "--", "no-such"], { cwd, env: { MLOPS_JSON: "true" } });
    expect(JSON.parse(byVariable.stdout)).toMatchObject({ exitCode: 2, verdict: "error" });
    writeFileSync(path.join(cwd, "mlops.yaml"), "train:\n  json: true\n");
    const byFile = await runCli(["train", "--", "no-such"], { cwd });
    expect(byFile.stderr).not.toContain("unknown key");
    expect(JSON.parse(byFile.stdout)).toMatchObject({ exitCode: 2, verdict: "error" });
  });

  it("2: an unknown key of mlops.yaml is named with its line and the nearest known key", async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, "mlops.yaml"), "model_name: m\ngate:\n  min_acu: 0.7\n");
    const result = await runCli(["gate"], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('mlops.yaml:3: unknown key "gate.min_acu"; did you mean "min_auc"');
  });

  it("4: a gate without its metrics file gives no verdict, and never a pass", async () => {
    const result = await runCli(["gate", "--min-auc", "0.5", "--new-metrics", "nothing.json"], {
      cwd: temporaryFolder(),
    });
    expect(result.code).toBe(4);
    expect(result.stderr).toContain("nothing.json");
  });

  it.each([
    [401, 6],
    [403, 6],
  ])("a server that answers %i: exit %i, with what to set", async (status, code) => {
    const server = await stub(
      status,
      "application/json",
      '{"error_code":"PERMISSION_DENIED","message":"no"}',
    );
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, "train.sh"), "echo ran > ran.txt\n");
    const result = await runCli(["train", "--tracking-uri", server.url, "--", "sh", "train.sh"], {
      cwd,
      env: impatient,
    });
    expect(result).toMatchObject({ code });
    expect(result.stderr).toContain(server.url);
    expect(result.stderr).toMatch(/MLFLOW_TRACKING_TOKEN/);
  });

  it("7: a server that is not there, with its address", async () => {
    const server = await stub(200, "text/plain", "");
    await server.close();
    const cwd = temporaryFolder();
    const result = await runCli(["train", "--tracking-uri", server.url, "--", "true"], {
      cwd,
      env: impatient,
    });
    expect(result.code).toBe(7);
    expect(result.stderr).toContain(server.url);
  });

  it("an HTML error page is called one", async () => {
    const server = await stub(
      502,
      "text/html",
      "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    );
    const cwd = temporaryFolder();
    const result = await runCli(["train", "--tracking-uri", server.url, "--", "true"], {
      cwd,
      env: impatient,
    });
    expect(result.code).toBe(7);
    expect(result.stderr).toContain("502 Bad Gateway");
    expect(result.stderr).not.toContain("<html>");
  });

  it("8: a training program that fails, with its own code and last words", async () => {
    const cwd = temporaryFolder();
    const result = await runCli(["train", "--", "sh", "-c", "echo out of beans >&2; exit 5"], { cwd });
    expect(result.code).toBe(8);
    expect(result.stderr).toContain("out of beans");
    expect(result.stderr).toMatch(/\b5\b/);
  });

  it("8: a training program that dies of a signal, with the signal's name", async () => {
    const result = await runCli(["train", "--", "sh", "-c", "kill -SEGV $$"], { cwd: temporaryFolder() });
    expect(result.code).toBe(8);
    expect(result.stderr).toContain("SIGSEGV");
  });

  it("2: a training script that does not exist, before any run is created", async () => {
    const cwd = temporaryFolder();
    const result = await runCli(["train", "--", "python3", "nothing.py"], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("nothing.py");
  });

  it("a 5 MB result arrives whole through a pipe", async () => {
    const cwd = temporaryFolder();
    const names = Array.from({ length: 1000 }, (_, index) => `${"long_".repeat(400)}${index}`);
    writeFileSync(path.join(cwd, "wide.csv"), `${names.join(",")}\n${names.map(() => 1).join(",")}\n`);
    const result = await runCli(["validate", "--json", "--data-path", "wide.csv"], { cwd });
    expect(result.code).toBe(0);
    expect(result.stdout.length).toBeGreaterThan(5_000_000);
    expect(JSON.parse(result.stdout).dataset.columns).toHaveLength(1000);
  });
});
