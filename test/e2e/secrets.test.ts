import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";

const secret = "hunter2/Sup3r+Secret=value";
const forms = [
  secret,
  Buffer.from(secret).toString("base64"),
  encodeURIComponent(secret),
  Buffer.from(`u:${secret}`).toString("base64"),
];

it("a secret of the environment appears in no output and no file of any command, however the child prints it", async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    path.join(cwd, "leak.sh"),
    `printf '%s\\n' "$MY_API_TOKEN" "$SLACK_WEBHOOK_URL" ${forms.map((form) => `'${form}'`).join(" ")}; printf '%s\\n' "$MY_API_TOKEN" >&2; exit "$1"\n`,
  );
  writeFileSync(path.join(cwd, "t.csv"), "label,score\n1,0.9\n0,0.1\n");
  const env = {
    MY_API_TOKEN: secret,
    CI_JOB_TOKEN: secret,
    SLACK_WEBHOOK_URL: `http://127.0.0.1:9/services/${encodeURIComponent(secret)}`,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
  };
  const commands = [
    ["train", "-v", "--", "sh", "leak.sh", "0"],
    ["train", "-v", "--", "sh", "leak.sh", "3"],
    ["train", "-v", "--tracking-uri", `http://user:${encodeURIComponent(secret)}@127.0.0.1:9`, "--", "true"],
    ["store", "exec", "--", "sh", "leak.sh", "0"],
    ["validate", "-v", "--data-path", "t.csv"],
    ["evaluate", "-v", "--predictions", "t.csv"],
    ["notify", "-v", "--message", `token ${secret}`],
    ["notify", "-v", "--message", "x", "--target", "slack", "--required"],
  ];
  const codes: (number | null)[] = [];
  for (const command of commands) {
    for (const more of [[], ["--json"]]) {
      const [name = "", ...rest] = command;
      const result = await runCli(
        [name, ...(name === "store" ? [rest[0] ?? "", ...more, ...rest.slice(1)] : [...more, ...rest])],
        { cwd, env },
      );
      codes.push(result.code);
      for (const form of forms)
        expect(`${result.stdout}${result.stderr}`, command.join(" ")).not.toContain(form);
    }
  }
  expect(codes).not.toContain(1);
  const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile() && file.name !== "leak.sh",
  );
  for (const file of files) {
    const text = readFileSync(path.join(file.parentPath, file.name), "utf8");
    for (const form of forms) expect(text, file.name).not.toContain(form);
  }
});
