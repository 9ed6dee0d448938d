import { enableCompileCache } from "node:module";

// Compiled code is kept between starts: half of the start-up time.
enableCompileCache();
const [{ run }, { processContext }] = await Promise.all([
  import("../dist/main.js"),
  import("../dist/context.js"),
]);
process.exitCode = await run(process.argv.slice(2), processContext());
