import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type MlflowServer, startMlflowServer } from "../support/mlflow-server.ts";
import { type TrackingPlace, trackingPlace } from "../support/tracking-place.ts";

/**
 * A real MLflow server for all tests of the file that calls this, and a file that can stand for a model.
 * Both are there from the file's first test on and gone after its last.
 */
export function registerPlaces() {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-register-"));
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
  /** A fresh folder and a model name of its own, so that tests can share the server. */
  function newPlace(kind: string): { readonly place: TrackingPlace; readonly name: string } {
    count++;
    const cwd = path.join(folder, `cwd-${count}`);
    mkdirSync(cwd);
    return {
      place: trackingPlace(cwd, kind === "embedded" ? "embedded" : server.url),
      name: `model-${count}`,
    };
  }

  return { weights, newPlace };
}

/** All versions of a registered model. */
export function versionsOf(place: TrackingPlace, name: string) {
  return place.use((client) => client.searchModelVersions(`name = '${name}'`));
}
