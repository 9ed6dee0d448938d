import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import { openStore } from "./session.ts";
import { trackingFlags } from "./shared-flags.ts";

const flags = {
  storeDir: trackingFlags.storeDir,
  port: { kind: "integer", value: "PORT", summary: "port on 127.0.0.1 (default: a free one)" },
} as const;

export const storeServeCommand = defineCommand({
  name: "store serve",
  summary: "keep the embedded store up, for a notebook or `mlflow` commands",
  description:
    "Serves the store on 127.0.0.1 until it is interrupted, and prints the two variables that a client needs.\n" +
    "Every start has a new token: without it nothing can be read or written.",
  examples: ["mlops store serve", "mlops store serve --store-dir .mlops/store --port 5000"],
  flags,
  async run({ options }, context) {
    if (options.json) throw noResult("serve");
    if (options.dryRun) {
      const text = `would serve ${options.storeDir} on 127.0.0.1 until interrupted`;
      return { exitCode: exitCodes.positive, json: {}, text };
    }
    const server = await openStore(options, context);
    try {
      context.plainStdout.write(
        `export MLFLOW_TRACKING_URI=${server.url}\nexport MLFLOW_TRACKING_TOKEN=${server.token}\n`,
      );
      context.report.info(`Serving ${options.storeDir} on ${server.url}. Ctrl-C ends it.`);
      await untilAborted(context);
    } finally {
      await server.close();
    }
    return { exitCode: exitCodes.positive, json: {}, text: "" };
  },
});

/** The promise alone does not keep Node running, but the listening server does. */
async function untilAborted(context: Context): Promise<void> {
  if (context.signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  context.signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}

function noResult(name: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "NO_JSON_RESULT",
    message: `mlops store ${name} has no result that --json could print.`,
    hint: "Leave --json out: standard output holds the two export lines only.",
  });
}
