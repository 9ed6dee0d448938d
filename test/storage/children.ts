import { execFile } from "node:child_process";
import path from "node:path";
import { z } from "zod";

const outcomeSchema = z.object({
  files: z
    .array(z.object({ uri: z.string(), localPath: z.string(), etag: z.string(), sizeBytes: z.number() }))
    .optional(),
  error: z
    .object({ code: z.string(), kind: z.string(), message: z.string(), exitCode: z.number().optional() })
    .optional(),
});
type Outcome = z.infer<typeof outcomeSchema>;

export interface FetchingChild {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What it printed; undefined where it was killed. */
  readonly outcome: Promise<Outcome | undefined>;
}

/** Fetches in a process of its own, whose whole environment is `env` and PATH. */
export function fetchInChild(
  uri: string,
  cacheDirectory: string,
  env: Readonly<Record<string, string>>,
): FetchingChild {
  const script = path.join(import.meta.dirname, "fetch-child.ts");
  const done = Promise.withResolvers<Outcome | undefined>();
  const child = execFile(
    process.execPath,
    [script, uri, cacheDirectory],
    { env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env }, timeout: 50_000 },
    (error, stdout, stderr) => {
      if (error?.signal === "SIGKILL") done.resolve(undefined);
      else if (error !== null || stdout === "")
        done.reject(new Error(`the child failed: ${error?.message} ${stderr}`));
      else done.resolve(outcomeSchema.parse(JSON.parse(stdout)));
    },
  );
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), outcome: done.promise };
}
