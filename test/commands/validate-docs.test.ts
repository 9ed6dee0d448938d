import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { commonFlags, flagName } from "../../src/command.ts";
import { validateFlags } from "../../src/commands/validate/flags.ts";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { quoteText } from "../../src/data/engine/sql.ts";
import { folderWith, validate } from "./validate-case.ts";

const root = path.resolve(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const readme = read("README.md");
const section = readme.slice(readme.indexOf("## Is the data right?"), readme.indexOf("## Exit codes"));
const documents = [
  section,
  ...["contract", "reports", "exchange", "s3"].map((name) => read(`docs/${name}.md`)),
];

const suite = {
  name: "people",
  expectations: [
    {
      type: "expect_column_max_to_be_between",
      kwargs: { column: "age", max_value: { $PARAMETER: "max_age" } },
      meta: {},
    },
  ],
  meta: {},
};

/** A folder with the data and the suite that the README speaks of. */
async function project(): Promise<string> {
  const cwd = folderWith({ "suite.json": JSON.stringify(suite) });
  const db = await openDuckDb({ threads: 1 });
  await db.query(
    `COPY (SELECT range AS id, range % 90 AS age FROM range(200)) TO ${quoteText(path.join(cwd, "train.parquet"))}`,
  );
  await db.close();
  return cwd;
}

/** What stands behind `mlops validate`, as a shell would hand it over. */
function words(line: string): string[] {
  return line
    .replace(/^mlops validate/, "")
    .replace(/ #.*$/, "")
    .replaceAll("data/train.parquet", "train.parquet")
    .trim()
    .split(/\s+/);
}

describe("the documents about mlops validate", () => {
  it("name every flag, and none that is not there", () => {
    const flags = Object.keys({ ...validateFlags, ...commonFlags }).map((name) => `--${flagName(name)}`);
    const named = new Set(documents.flatMap((text) => text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []));
    // The flag of a check script in an example.
    named.delete("--strict");
    expect([...named].filter((flag) => !flags.includes(flag))).toEqual([]);
    const own = Object.keys(validateFlags).map((name) => `--${flagName(name)}`);
    expect(own.filter((flag) => !named.has(flag))).toEqual([]);
  });

  it("print commands in the README that run as they stand", async () => {
    const lines = [...section.matchAll(/^\$ (mlops validate .*)$/gm)].map((match) => match[1] ?? "");
    expect(lines).toHaveLength(5);
    const cwd = await project();
    for (const line of lines.filter((one) => !one.includes("s3://"))) {
      expect([line, (await validate(cwd, words(line))).code]).toEqual([line, 0]);
    }
  });

  it("print a job in the README whose script writes the reports that it names", async () => {
    const job = z
      .object({
        validate: z.object({
          script: z.array(z.string()),
          artifacts: z.object({ paths: z.array(z.string()), reports: z.record(z.string(), z.string()) }),
        }),
      })
      .parse(parse(/```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? ""));
    const { script, artifacts } = job.validate;
    const cwd = await project();
    writeFileSync(path.join(cwd, "contract.yaml"), "columns: [{name: id, unique: true}]\n");
    for (const line of script) expect((await validate(cwd, words(line))).code).toBe(0);
    for (const file of [...artifacts.paths, ...Object.values(artifacts.reports)])
      expect(readFileSync(path.join(cwd, file), "utf8").length).toBeGreaterThan(0);
  });
});
