import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { writeJsonFile } from "../files.ts";
import { type ReleaseRecord, releaseRecord } from "../results/deploy.ts";

/** Which release gets the traffic: what the relay reads. */
const pointer = z.strictObject({
  release: z.number().int().positive(),
  version: z.string(),
  port: z.number().int().min(1).max(65535),
});
export type Pointer = z.infer<typeof pointer>;

/** The relay process of an environment. */
const frontRecord = z.strictObject({
  pid: z.number().int().positive(),
  start: z.string(),
  port: z.number().int().min(1).max(65535),
});
export type FrontRecord = z.infer<typeof frontRecord>;

/**
 * The folder of one environment:
 * `release-<n>.json` and `.log` of every release, `release-<n>/` with the model's files while they may be needed,
 * `current.json` (which release gets the traffic), `front.json` and `front.log` (the relay), `lock`.
 */
export class EnvironmentFolder {
  readonly directory: string;
  readonly environment: string;

  /** `deploymentsDirectory` is absolute. Environments may have a slash in their name, folders may not. */
  constructor(deploymentsDirectory: string, environment: string) {
    this.environment = environment;
    const name = encodeURIComponent(environment).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length));
    this.directory = path.join(deploymentsDirectory, name);
  }

  get pointerFile(): string {
    return path.join(this.directory, "current.json");
  }

  get frontLogFile(): string {
    return path.join(this.directory, "front.log");
  }

  get lockFile(): string {
    return path.join(this.directory, "lock");
  }

  recordFile(release: number): string {
    return path.join(this.directory, `release-${release}.json`);
  }

  logFile(release: number): string {
    return path.join(this.directory, `release-${release}.log`);
  }

  modelDirectory(release: number): string {
    return path.join(this.directory, `release-${release}`);
  }

  async create(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
  }

  /** All records, oldest first; empty where nothing was ever deployed. Throws `usage` for an unreadable one. */
  async readRecords(): Promise<ReleaseRecord[]> {
    const numbers = (await this.#names()).flatMap((name) => {
      const match = /^release-(\d+)\.json$/.exec(name);
      return match === null ? [] : [Number(match[1])];
    });
    numbers.sort((a, b) => a - b);
    const records: ReleaseRecord[] = [];
    for (const number of numbers) {
      const record = await readJson(this.recordFile(number), releaseRecord);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  async writeRecord(record: ReleaseRecord): Promise<void> {
    await writeJsonFile(this.recordFile(record.release), record);
  }

  async readPointer(): Promise<Pointer | undefined> {
    return await readJson(this.pointerFile, pointer);
  }

  /** From here on the relay sends new requests to `record`'s process; undefined: to nobody. */
  async point(record: ReleaseRecord | undefined): Promise<void> {
    const place = record?.process ?? null;
    if (record === undefined || place === null) return await rm(this.pointerFile, { force: true });
    const value: Pointer = { release: record.release, version: record.model.version, port: place.port };
    await writeJsonFile(this.pointerFile, value);
  }

  async readFront(): Promise<FrontRecord | undefined> {
    return await readJson(this.#frontFile, frontRecord);
  }

  async writeFront(record: FrontRecord | undefined): Promise<void> {
    if (record === undefined) await rm(this.#frontFile, { force: true });
    else await writeJsonFile(this.#frontFile, record);
  }

  /** The last lines that a release's server printed; empty where it printed nothing. */
  async lastLogLines(release: number, count = 15): Promise<string[]> {
    let text: string;
    try {
      text = await readFile(this.logFile(release), "utf8");
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return [];
      throw error;
    }
    return text
      .trimEnd()
      .split("\n")
      .slice(-count)
      .filter((line, index) => line !== "" || index > 0);
  }

  /** The files of a release that will not be started again. Its record and its log stay. */
  async removeModel(release: number): Promise<void> {
    await rm(this.modelDirectory(release), { recursive: true, force: true });
  }

  get #frontFile(): string {
    return path.join(this.directory, "front.json");
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.directory);
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return [];
      throw error;
    }
  }
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let problem: unknown;
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(file, "utf8")));
    if (parsed.success) return parsed.data;
    problem = new Error(z.prettifyError(parsed.error).replace(/\s+/g, " "));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    problem = error;
  }
  throw new MlopsError({
    kind: "usage",
    code: "DEPLOYMENT_RECORD_INVALID",
    message: `${file} is not what mlops deploy wrote there: ${messageOf(problem)}.`,
    hint: "Restore the file, or stop what runs by hand and remove the environment's folder.",
    cause: problem,
  });
}
