import type { Context } from "../../context.ts";
import type { EvaluationRequest } from "../../evaluation/evaluated-table.ts";
import { beginHelper } from "../../evaluation/helper-thread.ts";
import { webAssembly } from "../../metrics/kernel/kernel.ts";
import { beginOpening } from "../database.ts";
import type { EvaluateOptions } from "./flags.ts";
import { engineLimits } from "./limits.ts";
import { type EvaluationSource, sourceOf } from "./source.ts";

/** What is asked for, and what other threads have begun for it. */
export interface BegunEvaluation extends Pick<EvaluationRequest, "limits" | "openDatabase" | "helper"> {
  readonly source: EvaluationSource;
  close(): Promise<void>;
}

/** Throws `usage` for flags that cannot be meant, and for a Node that cannot measure. */
export async function beginEvaluation(options: EvaluateOptions, context: Context): Promise<BegunEvaluation> {
  // Which a Node without it is to be told before anything is begun.
  webAssembly();
  const source = sourceOf(options);
  const limits = await engineLimits(options);
  const database = beginOpening(limits, context);
  const helper = await beginHelper({ ...source, cwd: context.cwd, threads: limits.threads });
  return {
    source,
    limits,
    openDatabase: database.take,
    helper,
    async close() {
      await helper?.close();
      await database.discard();
    },
  };
}
