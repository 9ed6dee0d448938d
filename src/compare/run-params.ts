import { MlopsError } from "../errors.ts";
import type { TrackingClient } from "../tracking/types.ts";
import type { Side } from "./side.ts";

/** Whether a side names a run whose parameters were not read with it. */
export function lacksParams({ params, evaluation }: Side): boolean {
  return params === undefined && evaluation.identity.runId !== null;
}

/**
 * The sides with the parameters of the runs that their result files name. A run that cannot be read leaves its side as it was, and a note
 * says why. `signal` may be one that ends the asking only; where `ended` is aborted, its reason is thrown.
 */
export async function withParams(
  sides: readonly Side[],
  openClient: () => Promise<TrackingClient>,
  ended: AbortSignal,
): Promise<{ readonly sides: readonly Side[]; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const found: Side[] = [];
  for (const side of sides) {
    const { runId } = side.evaluation.identity;
    if (runId === null || !lacksParams(side)) {
      found.push(side);
      continue;
    }
    try {
      const client = await openClient();
      found.push({ ...side, params: (await client.getRun(runId)).params });
    } catch (error) {
      ended.throwIfAborted();
      notes.push(`The parameters of run ${runId} (${side.label}) are not compared: ${reasonOf(error)}`);
      found.push(side);
    }
  }
  return { sides: found, notes };
}

function reasonOf(error: unknown): string {
  if (error instanceof MlopsError) return error.message;
  if (error instanceof DOMException && error.name === "TimeoutError")
    return "the tracking server did not answer in time.";
  throw error;
}
