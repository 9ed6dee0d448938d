import * as z from "zod";
import { resultCore, verdict } from "./core.ts";

const delivery = z.strictObject({
  channel: z.enum(["stdout", "slack-webhook", "slack-api", "webhook"]),
  /** Host of the receiver; the whole address is a secret. Null for stdout and where none is configured. */
  host: z.string().nullable(),
  delivered: z.boolean(),
  attempts: z.number().int().nonnegative(),
  /** Why it was not delivered. */
  problem: z.string().nullable(),
  /** Slack's `ts`, by which a message can be answered or changed; the X-Mlops-Delivery of a generic webhook. */
  messageId: z.string().nullable(),
});
export type Delivery = z.infer<typeof delivery>;

/** What `mlops notify` prints with `--json` and writes with `--output-path`. */
export const notificationResult = z.strictObject({
  ...resultCore.shape,
  notice: z.strictObject({
    title: z.string(),
    /** Of what is reported, not of the reporting. */
    verdict: verdict.nullable(),
    text: z.string(),
  }),
  deliveries: z.array(delivery),
});
export type NotificationResult = z.infer<typeof notificationResult>;
