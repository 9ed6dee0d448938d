import { existsSync } from "node:fs";
import path from "node:path";
import type { CommonOptions, OptionsOf } from "../../command.ts";
import type { Operand } from "../../compare/operand.ts";
import { pairSides } from "../../compare/pair-sides.ts";
import type { Pairing } from "../../compare/pairing.ts";
import { readSide } from "../../compare/read-sides.ts";
import { lacksParams, withParams } from "../../compare/run-params.ts";
import type { Side } from "../../compare/side.ts";
import type { Context } from "../../context.ts";
import { MlopsError } from "../../errors.ts";
import type { TrackingSession } from "../../tracking/types.ts";
import { showProgress } from "../progress.ts";
import { openSession } from "../session.ts";
import type { trackingFlags } from "../shared-flags.ts";

type Options = OptionsOf<typeof trackingFlags> & CommonOptions & { readonly metric: readonly string[] };

const labels = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const mostSides = labels.length;

/** Parameters are a help, not the result: a server that is away is not waited for longer. */
const paramsTimeoutMs = 15_000;

export interface ReadSides {
  readonly sides: readonly Side[];
  readonly pairings: readonly Pairing[];
  /** Why parameters are missing. */
  readonly parameterNotes: readonly string[];
}

/**
 * Reads what is compared, pairs the rows, and asks for the parameters of runs that result files name. A server is needed only where an
 * address asks for one; nothing is written to it.
 */
export async function readSides(
  operands: readonly Operand[],
  options: Options,
  context: Context,
): Promise<ReadSides> {
  const { cwd, signal } = context;
  const needsServer = operands.some((operand) => operand.kind !== "file");
  const session = needsServer ? await openSession({ ...options, dryRun: true }, context) : undefined;
  try {
    const read: Side[] = [];
    for (const [place, operand] of operands.entries())
      read.push(await readSide(operand, { label: labels[place] ?? "?", cwd, client: session?.client }));
    const pairings = await pairWithProgress(read, { cwd, signal, only: options.metric }, context);
    const { sides, notes } = await addParams(read, { session, options, context });
    return { sides, pairings, parameterNotes: notes };
  } finally {
    await session?.close();
  }
}

async function pairWithProgress(
  sides: readonly Side[],
  world: Parameters<typeof pairSides>[1],
  context: Context,
): ReturnType<typeof pairSides> {
  const progress = showProgress(context);
  let percent: number | undefined;
  progress.watch.phase("pairing", 1, 1);
  progress.watch.follow(() => percent);
  const onDone = (share: number) => {
    percent = 100 * share;
  };
  try {
    return await pairSides(sides, { ...world, onDone });
  } finally {
    progress.stop();
  }
}

async function addParams(
  sides: readonly Side[],
  from: {
    readonly session: TrackingSession | undefined;
    readonly options: Options;
    readonly context: Context;
  },
): Promise<Awaited<ReturnType<typeof withParams>>> {
  const { session, options, context } = from;
  if (!sides.some(lacksParams)) return { sides, notes: [] };
  let own: Promise<TrackingSession> | undefined;
  const openClient = async () => {
    if (session !== undefined) return session.client;
    refuseWithoutServer(options, context);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(paramsTimeoutMs)]);
    own ??= openSession({ ...options, dryRun: true }, { ...context, signal });
    return (await own).client;
  };
  try {
    return await withParams(sides, openClient, context.signal);
  } finally {
    // Where it could not be opened, that was said.
    await (await own?.catch(() => undefined))?.close();
  }
}

/** A store that is not there is not made for a question. */
function refuseWithoutServer({ trackingUri, storeDir }: Options, { cwd }: Context): void {
  const uri = trackingUri?.trim() ?? "";
  if (uri !== "" && uri !== "embedded") return;
  if (existsSync(path.resolve(cwd, storeDir))) return;
  throw new MlopsError({
    kind: "usage",
    code: "NO_SERVER",
    message: `no tracking server is set (MLFLOW_TRACKING_URI), and there is no store in ${storeDir}.`,
  });
}
