import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promoteResult } from "../../src/results/promote.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { type MlflowServer, startMlflowServer } from "../support/mlflow-server.ts";
import { runWithFile, type TrackingPlace, trackingPlace } from "../support/tracking-place.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-promote-"));
const weights = path.join(folder, "weights.bin");
let server: MlflowServer;

beforeAll(async () => {
  writeFileSync(weights, "weights");
  server = await startMlflowServer({ directory: path.join(folder, "server") });
});

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
async function placeWithVersions(kind: string, versions: number) {
  count++;
  const cwd = path.join(folder, `cwd-${count}`);
  mkdirSync(cwd);
  const place = trackingPlace(cwd, kind === "embedded" ? "embedded" : server.url);
  const name = `model-${count}`;
  for (let made = 0; made < versions; made++) {
    const runId = await runWithFile(place, weights);
    const args = ["register", "--model-name", name, "--run-id", runId, "--artifact-path", "model.joblib"];
    expect((await place.mlops(args)).code).toBe(0);
  }
  return { place, name };
}

const holderOf = (place: TrackingPlace, name: string, alias: string) =>
  place.use((client) => client.getAlias(name, alias));
const tagsOf = async (place: TrackingPlace, name: string, version: string) =>
  Object.fromEntries((await place.use((client) => client.getModelVersion(name, version))).tags);

describe.each(["mlflow server", "embedded"])("mlops promote, %s", (kind) => {
  it("moves the alias and records who, when, from and to on both versions", async () => {
    const { place, name } = await placeWithVersions(kind, 2);
    const args = ["promote", "--model-name", name, "--alias", "champion"];
    const first = await place.mlops([...args, "--model-version", "1"], { GITLAB_USER_LOGIN: "ann" });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain(`champion of ${name} moved from nothing to version 1`);
    const second = await place.mlops([...args, "--dotenv", "p.env"], {
      MODEL_VERSION: "2",
      GITLAB_USER_LOGIN: "bob",
    });
    expect(second).toMatchObject({ code: 0 });
    expect((await holderOf(place, name, "champion"))?.version).toBe("2");
    expect(await tagsOf(place, name, "2")).toMatchObject({
      "mlops.promoted_at": expect.stringMatching(/^\d{4}-.*Z$/),
      "mlops.promoted_by": "bob",
      "mlops.promoted_from": "1",
      "mlops.promoted_to_alias": "champion",
    });
    expect(await tagsOf(place, name, "1")).toMatchObject({
      "mlops.promoted_from": "none",
      "mlops.replaced_by": "2",
      "mlops.replaced_at": expect.stringMatching(/Z$/),
    });
    expect(readFileSync(path.join(place.cwd, "p.env"), "utf8")).toContain("PREVIOUS_MODEL_VERSION=1\n");
    const result = promoteResult.parse(
      JSON.parse(readFileSync(path.join(place.cwd, "promotion.json"), "utf8")),
    );
    expect(result).toMatchObject({ moved: true, promotedBy: "bob", model: { previousVersion: "1" } });
  });

  it("writes nothing where the alias points there already", async () => {
    const { place, name } = await placeWithVersions(kind, 1);
    await place.use((client) => client.setAlias(name, "champion", "1"));
    const before = await tagsOf(place, name, "1");
    const args = ["promote", "--model-name", name, "--model-version", "1", "--to-stage", "Champion"];
    const ended = await place.mlops([...args, "--expected-version", "none"]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain("already; nothing was changed");
    expect(await tagsOf(place, name, "1")).toEqual(before);
  });

  it("completes the record of a start that was cut off behind the move of the alias", async () => {
    const { place, name } = await placeWithVersions(kind, 2);
    const attempt = { alias: "champion", at: "2026-01-02T03:04:05.000Z", by: "ann", from: "1" };
    await place.use(async (client) => {
      await client.setModelVersionTag(name, "2", "mlops.promotion_attempt", JSON.stringify(attempt));
      await client.setAlias(name, "champion", "2");
    });
    const args = ["promote", "--model-name", name, "--model-version", "2", "--alias", "champion"];
    const ended = await place.mlops(args, { GITLAB_USER_LOGIN: "bob" });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain("the record of that promotion was completed");
    expect(await tagsOf(place, name, "2")).toMatchObject({
      "mlops.promoted_at": attempt.at,
      "mlops.promoted_by": "ann",
      "mlops.promoted_from": "1",
    });
    expect(await tagsOf(place, name, "1")).toMatchObject({ "mlops.replaced_by": "2" });
    expect((await place.mlops(args)).stdout).toContain("nothing was changed");
  });

  it("promotes the version behind another alias, whatever MODEL_VERSION says", async () => {
    const { place, name } = await placeWithVersions(kind, 2);
    await place.use((client) => client.setAlias(name, "challenger", "2"));
    const args = ["promote", "--model-name", name, "--alias", "champion", "--from-alias"];
    expect((await place.mlops([...args, "challenger"], { MODEL_VERSION: "1" })).code).toBe(0);
    expect((await holderOf(place, name, "champion"))?.version).toBe("2");
    const none = await place.mlops([...args, "nobody"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('no alias "nobody"');
  });

  it("refuses where the alias does not point to the expected version", async () => {
    const { place, name } = await placeWithVersions(kind, 3);
    await place.use((client) => client.setAlias(name, "champion", "2"));
    const args = ["promote", "--model-name", name, "--model-version", "3", "--alias", "champion"];
    for (const expected of ["1", "none"]) {
      const refused = await place.mlops([...args, "--expected-version", expected]);
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain("points to version 2");
    }
    expect((await holderOf(place, name, "champion"))?.version).toBe("2");
    expect((await place.mlops([...args, "--expected-version", "2"])).code).toBe(0);
  });

  it("changes nothing in a dry run or in a deploy freeze", async () => {
    const { place, name } = await placeWithVersions(kind, 1);
    const args = ["promote", "--model-name", name, "--model-version", "1", "--alias", "champion"];
    const dry = await place.mlops([...args, "--dry-run"]);
    expect(dry.stdout).toContain("would move from nothing to version 1");
    const freeze = { CI_DEPLOY_FREEZE: "true" };
    const frozen = await place.mlops(args, freeze);
    expect(frozen.code).toBe(5);
    expect(frozen.stderr).toContain("--ignore-freeze");
    expect(await holderOf(place, name, "champion")).toBeUndefined();
    expect((await place.mlops([...args, "--ignore-freeze"], freeze)).code).toBe(0);
  });

  it("names a version and a model that are not there", async () => {
    const { place, name } = await placeWithVersions(kind, 1);
    const version = await place.mlops([
      "promote",
      "--model-name",
      name,
      "--model-version",
      "9",
      "--alias",
      "a",
    ]);
    expect(version.code).toBe(2);
    expect(version.stderr).toContain(`no version "9" of the model "${name}"`);
    const model = await place.mlops([
      "promote",
      "--model-name",
      "none",
      "--model-version",
      "1",
      "--alias",
      "a",
    ]);
    expect(model.code).toBe(2);
  });
});

const routes = {
  get: "GET /api/2.0/mlflow/model-versions/get",
  alias: "GET /api/2.0/mlflow/registered-models/alias",
  set: "POST /api/2.0/mlflow/registered-models/alias",
  tag: "POST /api/2.0/mlflow/model-versions/set-tag",
};
const version = (number: string) => ({
  body: { model_version: { name: "m", version: number, status: "READY", source: "s" } },
});
const promoteTo2 = ["promote", "--model-name", "m", "--model-version", "2", "--alias", "champion"];

describe("mlops promote, while somebody else promotes", () => {
  it("does not write where the alias moved since the start", async () => {
    await using scripted = await startScriptedServer([
      { on: routes.get, ...version("2") },
      { on: routes.alias, ...version("1") },
      { on: routes.tag, body: {} },
      { on: routes.alias, ...version("7") },
    ]);
    const ended = await trackingPlace(folder, scripted.url).mlops(promoteTo2);
    scripted.verify();
    expect(ended.code).toBe(5);
    expect(ended.stderr).toMatch(
      /moved by somebody else meanwhile: it pointed to version 1 and points to version 7/,
    );
  });

  it("says so where the alias was taken over right after the write, and records nothing", async () => {
    await using scripted = await startScriptedServer([
      { on: routes.get, ...version("2") },
      { on: routes.alias, ...version("1") },
      { on: routes.tag, body: {} },
      { on: routes.alias, ...version("1") },
      { on: routes.set, body: {} },
      { on: routes.alias, ...version("7") },
    ]);
    const ended = await trackingPlace(folder, scripted.url).mlops(promoteTo2);
    scripted.verify();
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain("right after it was set to 2");
  });

  it("says that the alias is moved where only the record could not be written", async () => {
    await using scripted = await startScriptedServer([
      { on: routes.get, ...version("2") },
      {
        on: routes.alias,
        status: 400,
        body: {
          error_code: "INVALID_PARAMETER_VALUE",
          message: "Registered model alias champion not found.",
        },
      },
      { on: routes.tag, body: {} },
      { on: routes.alias, status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } },
      { on: routes.set, body: {} },
      { on: routes.alias, ...version("2") },
      {
        on: routes.tag,
        status: 403,
        body: { error_code: "PERMISSION_DENIED", message: "Permission denied" },
      },
    ]);
    const ended = await trackingPlace(folder, scripted.url).mlops(promoteTo2);
    scripted.verify();
    expect(ended.code).toBe(6);
    expect(ended.stderr).toContain("champion of m points to version 2 now, but not all of its tags");
  });

  it.each([
    [["promote"], /model is missing.*\n.*version is missing.*\n.*target is missing/],
    [[...promoteTo2, "--to-stage", "Production"], /name different targets: champion, production/],
    [[...promoteTo2, "--from-alias", "x"], /exclude each other/],
  ])("names what is wrong with %j", async (args, message) => {
    const ended = await trackingPlace(folder, "http://127.0.0.1:9").mlops(args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(message);
  });
});
