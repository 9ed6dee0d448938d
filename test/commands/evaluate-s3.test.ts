import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { run } from "../../src/main.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bucket, startS3Server } from "../support/s3-server.ts";
import { resultIn } from "./evaluate-case.ts";

it("predictions in an object store are fetched, several objects as one table", {
  timeout: 90_000,
}, async () => {
  const cwd = temporaryFolder();
  const server = await startS3Server("moto", path.join(cwd, "server"));
  onTestFinished(() => server.close());
  await server.put("scored/a.csv", "label,score\n0,0.1\n1,0.9\n");
  await server.put("scored/b.csv", "label,score\n0,0.8\n1,0.7\n");
  const env = { ...server.env, PATH: process.env["PATH"] ?? "", XDG_CACHE_HOME: path.join(cwd, "cache") };
  const context = testContext({ cwd, env });
  const code = await run(["evaluate", "--predictions", `s3://${bucket}/scored/*.csv`], context);
  expect(code, context.printed().stderr).toBe(0);
  const { count, inputs, metrics } = resultIn(cwd);
  expect([count, metrics["roc_auc"]]).toEqual([4, 0.75]);
  expect(inputs.map((input) => input.uri)).toEqual(
    ["a", "b"].map((name) => `s3://${bucket}/scored/${name}.csv`),
  );
});
