import { benchS3 } from "./s3.ts";
import { benchStartup } from "./startup.ts";

/** `npm run bench -- NAME`: side-by-side measurements, printed as tables. Nothing here is part of the tests. */
const benches: Readonly<Record<string, () => void | Promise<void>>> = { s3: benchS3, startup: benchStartup };

const [name = ""] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  process.stderr.write(
    `Which bench? One of: ${Object.keys(benches).join(", ")}. Example: npm run bench -- startup\n`,
  );
  process.exitCode = 2;
} else {
  await bench();
}
