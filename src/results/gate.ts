import * as z from "zod";
import { checkVerdict, resultCore } from "./core.ts";

const side = z.strictObject({
  uri: z.string(),
  runId: z.string().nullable(),
  /** ISO 8601 UTC. */
  evaluatedAt: z.string().nullable(),
  evalSet: z.strictObject({ sha256: z.string().nullable(), rows: z.number().nullable() }),
});

const gateCheck = z.strictObject({
  metric: z.string(),
  /** `sex=female`; null: all rows. */
  subgroup: z.string().nullable(),
  rule: z.string(),
  observed: z.number().nullable(),
  baseline: z.number().nullable(),
  /** As configured; for a relative regression a share of |baseline|. */
  limit: z.number(),
  /** Room left, in the limit's unit; negative where the check fails. */
  margin: z.number().nullable(),
  verdict: checkVerdict,
  reason: z.string().nullable(),
  /** The flag, variable or line of `mlops.yaml` that set the rule. */
  source: z.string(),
});

/** `gate.json`. */
export const gateResult = z.strictObject({
  ...resultCore.shape,
  /** The candidate's run, where known. */
  runId: z.string().nullable(),
  checks: z.array(gateCheck),
  candidate: side,
  /** `none`: nobody named one; `first-model`: there is none yet; `unread`: it was not read, since an input could not be read. */
  baselineKind: z.enum(["stored", "none", "first-model", "unread"]),
  baseline: side.extend({ model: z.string().nullable() }).nullable(),
  warnings: z.array(z.string()),
  notes: z.array(z.string()),
  /** Why an input could not be read; null where all were. */
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
export type GateResult = z.infer<typeof gateResult>;
