import { benchEvaluate } from "./evaluate.ts";
import { benchS3 } from "./s3.ts";
import { benchScoring } from "./scoring.ts";
import { benchStartup } from "./startup.ts";
import { benchValidate } from "./validate.ts";

type Bench = (args: readonly string[]) => void | Promise<void>;

/** `npm run bench -- NAME`: side-by-side measurements, printed as tables. Nothing here is part of the tests. */
const benches: Readonly<Record<string, Bench>> = {
  evaluate: benchEvaluate,
  s3: benchS3,
  scoring: benchScoring,
  startup: benchStartup,
  validate: benchValidate,
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(
    `Which bench? One of: ${Object.keys(benches).join(", ")}. Example: npm run bench -- startup\n`,
  );
  process.exitCode = 2;
} else {
  await bench(args);
}
