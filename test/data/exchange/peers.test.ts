import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type ExportFormat, exportContract } from "../../../src/data/exchange/export-contract.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";
import { pythonEnvironment } from "../../support/python.ts";
import { judged, parquet } from "../judgements.ts";

/** Great Expectations and pandera, as `npm run bench -- validate` installs them; or another Python that has them. */
const python =
  process.env["MLOPS_PEERS_PYTHON"] ??
  path.resolve(import.meta.dirname, "../../../.cache/venv-bench/bin/python");
const whySkipped = [
  ...(times(0, 1) === 0 ? ["only in test:full"] : []),
  ...(existsSync(python) ? [] : [`no Python with the tools: npm run bench -- validate makes one`]),
].join(", ");
const title = whySkipped === "" ? "the tools themselves" : `the tools themselves (skipped: ${whySkipped})`;

const contract = {
  rows: { min: 5 },
  columns: [
    { name: "id", type: "integer", nulls: "never", unique: true, min: 1 },
    { name: "amount", type: "double", nulls: "allow", min: 0, less_than: 100 },
    { name: "country", nulls: "never", values: ["DE", "FR"], not_values: ["XX"] },
    { name: "email", nulls: "allow", pattern: "@", not_pattern: " ", length: { min: 3, max: 12 } },
    { name: "seen", type: "timestamp", nulls: "allow", min: "2020-01-01", max: "2026-01-01" },
    { name: "ok", type: "boolean", nulls: "allow" },
  ],
};

const good = `SELECT i AS id, (i + 0.5)::DOUBLE AS amount, 'DE' AS country, 'p' || i || '@x.de' AS email,
  TIMESTAMP '2024-05-01 10:00:00' AS seen, i % 2 = 0 AS ok FROM range(1, 9) numbers(i)`;

/** Each breaks one rule, or none. */
const tables: readonly (readonly [string, string])[] = [
  ["is good", good],
  ["repeats an id", `SELECT * REPLACE (CASE WHEN id = 2 THEN 1 ELSE id END AS id) FROM (${good})`],
  [
    "has a negative amount",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN -1.0 ELSE amount END AS amount) FROM (${good})`,
  ],
  [
    "has an amount at the open limit",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN 100.0 ELSE amount END AS amount) FROM (${good})`,
  ],
  [
    "has missing amounts",
    `SELECT * REPLACE (CASE WHEN id > 2 THEN NULL ELSE amount END AS amount) FROM (${good})`,
  ],
  [
    "misses a country",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN NULL ELSE country END AS country) FROM (${good})`,
  ],
  [
    "has another country",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN 'UK' ELSE country END AS country) FROM (${good})`,
  ],
  [
    "has an e-mail address without @",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN 'nobody' ELSE email END AS email) FROM (${good})`,
  ],
  [
    "has an e-mail address with a blank",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN 'a @b.c' ELSE email END AS email) FROM (${good})`,
  ],
  [
    "has a long e-mail address",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN 'somebody@example.com' ELSE email END AS email) FROM (${good})`,
  ],
  [
    "is from the past",
    `SELECT * REPLACE (CASE WHEN id = 2 THEN TIMESTAMP '2019-12-31 23:59:59' ELSE seen END AS seen) FROM (${good})`,
  ],
  ["is short", `SELECT * FROM (${good}) LIMIT 3`],
];

/** What the tool says of each file. */
async function judgedBy(format: ExportFormat, files: readonly string[]): Promise<readonly unknown[]> {
  const exported = path.join(temporaryFolder(), `exported.${format}`);
  writeFileSync(exported, exportContract(contract, format, "people").text);
  const script = path.join(import.meta.dirname, "peers.py");
  const { stdout } = await execa(python, [script, format, exported, ...files], {
    env: pythonEnvironment({ GX_ANALYTICS_ENABLED: "false" }),
    extendEnv: false,
    stdin: "ignore",
  });
  const found: unknown = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "null");
  return Array.isArray(found) ? found : [];
}

/** Columns of which a rule is broken; `table` for the table itself. */
function columnsOf(broken: unknown): string[] {
  const rules = Array.isArray(broken) ? broken : ["unreadable"];
  const names = rules.map((rule) => (Array.isArray(rule) && typeof rule[0] === "string" ? rule[0] : "table"));
  return [...new Set(names)].sort();
}

async function judgedByUs(file: string): Promise<string[]> {
  const { checks } = await judged(file, contract);
  const broken = checks.filter((one) => one.verdict === "fail").map((one) => one.column ?? "table");
  return [...new Set(broken)].sort();
}

describe.skipIf(whySkipped !== "")(title, () => {
  it("agree with mlops about which columns of a dozen tables break a rule", async () => {
    const files = await Promise.all(tables.map(([, select]) => parquet(select)));
    const ours = new Map<string, string[]>();
    for (const [index, [name]] of tables.entries()) ours.set(name, await judgedByUs(files[index] ?? ""));
    const named = (found: readonly unknown[]) =>
      new Map(tables.map(([name], index) => [name, columnsOf(found[index])]));
    expect(ours.get("is good")).toEqual([]);
    expect([...ours.values()].filter((columns) => columns.length === 1)).toHaveLength(tables.length - 2);
    expect(named(await judgedBy("gx", files))).toEqual(ours);
    // pandera does not count rows.
    const ofColumns = [...ours].map(
      ([name, columns]) => [name, columns.filter((one) => one !== "table")] as const,
    );
    expect(named(await judgedBy("pandera", files))).toEqual(new Map(ofColumns));
  });

  it("find nothing wrong with the exported data contract", async ({ skip }) => {
    const modules = "import open_data_contract_standard, jsonschema, yaml";
    const probe = await execa(python, ["-c", modules], { reject: false });
    skip(probe.exitCode !== 0, "that Python lacks open-data-contract-standard, which brings the schema");
    expect(await judgedBy("odcs", [])).toEqual([]);
  });
});
