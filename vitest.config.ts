import { defineConfig } from "vitest/config";

// The full form makes ten to a hundred times as many cases in one test: its limit only ends what hangs.
const full = process.env.MLOPS_TEST_FULL === "true";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["scripts/build-if-changed.mjs"],
    testTimeout: full ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // MLflow phones home unless told not to; nothing that our tests start may.
    env: { MLFLOW_DISABLE_TELEMETRY: "true", DO_NOT_TRACK: "true" },
  },
});
