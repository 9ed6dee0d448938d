// Loaded into mlops by the demo (node --import): writes down how long the Python programs ran that mlops started and waited
// for, so that the demo's table can tell their time from that of mlops.
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";

const file = process.env.MLOPS_DEMO_CLOCK;

if (file !== undefined) {
  subscribe("child_process", ({ process: child }) => {
    const started = performance.now();
    child.once("exit", () => {
      if (/python[0-9.]*$/.test(child.spawnfile)) appendFileSync(file, `${performance.now() - started}\n`);
    });
  });
}
