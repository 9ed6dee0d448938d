import * as z from "zod";
import { resultCore } from "./core.ts";

/**
 * pending: started, not proven · live: takes the traffic · superseded: replaced by a later release
 * · failed: never took traffic · rolled-back: took traffic and lost it again · stopped: ended on request.
 */
const releaseState = z.enum(["pending", "live", "superseded", "failed", "rolled-back", "stopped"]);
export type ReleaseState = z.infer<typeof releaseState>;

const deployedModel = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** The alias by which the version was asked for. */
  alias: z.string().nullable(),
  runId: z.string().nullable(),
  source: z.string(),
  files: z.number().int().positive(),
  sizeBytes: z.number().int().nonnegative(),
  /** Of the sorted lines `<sha256 of the file>  <path>\n`, as `sha256sum` prints them. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DeployedModel = z.infer<typeof deployedModel>;

const smokeOutcome = z.strictObject({
  path: z.string(),
  /** Null where no answer came. */
  status: z.number().int().nullable(),
  durationMs: z.number().nonnegative(),
  /** The beginning of the answer. */
  response: z.string(),
});
export type SmokeOutcome = z.infer<typeof smokeOutcome>;

/** Who started it, and from where; null outside GitLab. */
const releaseOrigin = z.strictObject({
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  pipelineUrl: z.string().nullable(),
  jobUrl: z.string().nullable(),
  user: z.string().nullable(),
});
export type ReleaseOrigin = z.infer<typeof releaseOrigin>;

/** One start of one version in one environment: which version was in service when, and how it was started. */
export const releaseRecord = z.strictObject({
  schemaVersion: z.literal(1),
  release: z.number().int().positive(),
  environment: z.string(),
  target: z.literal("process"),
  model: deployedModel,
  state: releaseState,
  /** Why it is in this state, where that is not plain. */
  reason: z.string().nullable(),
  command: z.array(z.string()).min(1),
  workingDirectory: z.string(),
  healthPath: z.string(),
  healthTimeoutMs: z.number().positive(),
  process: z
    .strictObject({
      pid: z.number().int().positive(),
      /** Tells this process from a later one with the same pid. */
      start: z.string(),
      port: z.number().int().min(1).max(65535),
    })
    .nullable(),
  smoke: smokeOutcome.nullable(),
  createdAt: z.iso.datetime(),
  liveAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  origin: releaseOrigin,
});
export type ReleaseRecord = z.infer<typeof releaseRecord>;

const servingRelease = z.strictObject({
  release: z.number().int().positive(),
  modelName: z.string(),
  version: z.string(),
  /** Stays the same from release to release. */
  endpointUrl: z.url(),
  /** What the health path answered through the endpoint just now. */
  healthy: z.boolean(),
  /** It had died and was started again from its record. */
  restarted: z.boolean(),
});
export type ServingRelease = z.infer<typeof servingRelease>;

const rolloutFailure = z.strictObject({
  stage: z.enum(["start", "health", "smoke", "switch"]),
  message: z.string(),
  /** The last lines that the new release's server printed. */
  lastLogLines: z.array(z.string()),
});
export type RolloutFailure = z.infer<typeof rolloutFailure>;

/** `deployment.json` */
export const deploymentResult = z.strictObject({
  ...resultCore.shape,
  action: z.enum(["deploy", "status", "stop"]),
  environment: z.string(),
  release: releaseRecord.nullable(),
  /** The release that was live before this command. */
  previous: z
    .strictObject({ release: z.number().int().positive(), modelName: z.string(), version: z.string() })
    .nullable(),
  failure: rolloutFailure.nullable(),
  /** Who answers at the endpoint now; null where nobody does. */
  serving: servingRelease.nullable(),
});
export type DeploymentResult = z.infer<typeof deploymentResult>;
