import { randomBytes } from "node:crypto";
import { startStore } from "../../src/store/server.ts";
import { callStore } from "./client-call.ts";

/**
 * A process of its own that opens the store of argv[2] and logs metrics to the run argv[3] under the key argv[4],
 * steps 0, 1, 2, …: argv[5] of them, or until it is killed. Prints each step that was answered.
 */
const [directory = "", runId = "", key = "", count = "Infinity"] = process.argv.slice(2);
const server = await startStore({
  directory,
  now: () => new Date(),
  randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
});
for (let step = 0; step < Number(count); step++) {
  const answer = await callStore(server, {
    method: "POST",
    path: "runs/log-batch",
    body: {
      run_id: runId,
      metrics: [{ key, value: step, timestamp: step, step }],
      tags: [{ key, value: String(step) }],
    },
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer));
  process.stdout.write(`${step}\n`);
}
await server.close();
