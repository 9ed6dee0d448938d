import { MlopsError, messageOf } from "../errors.ts";
import { aliasProblem } from "./models.ts";
import type { ModelVersion, TrackingClient } from "./types.ts";

export interface Promotion {
  readonly modelName: string;
  readonly target: { readonly version: string } | { readonly fromAlias: string };
  readonly alias: string;
  /** What the alias must point to now: a version, `none`, or undefined for whatever it is at the start. */
  readonly expectedVersion: string | undefined;
  readonly promotedBy: string;
  readonly at: Date;
  readonly dryRun: boolean;
}

export interface PromotionOutcome {
  readonly version: ModelVersion;
  /** The version that the alias pointed to before; undefined for none. */
  readonly previous: ModelVersion | undefined;
  /** False where the alias points to the version already: it is not written again then. */
  readonly isMove: boolean;
  /** True where the tags of an earlier promotion that was cut off were written now. */
  readonly hasCompletedRecord: boolean;
}

type Client = Pick<TrackingClient, "getModelVersion" | "getAlias" | "setAlias" | "setModelVersionTag">;

/**
 * Moves an alias to a version. MLflow has no compare-and-set, so the holder is read at the start, again right before the
 * write, and after it; where somebody else moved it, this throws `blocked` ALIAS_MOVED. Who, when, from and to are
 * written as tags on both versions. The tag mlops.promotion_attempt goes before the move: a start that was cut off after
 * it still has its record, which the next start completes.
 */
export async function promoteAlias(client: Client, request: Promotion): Promise<PromotionOutcome> {
  const { modelName, alias } = request;
  const problem = aliasProblem(alias);
  if (problem !== undefined) throw new MlopsError({ kind: "usage", code: "ALIAS_INVALID", message: problem });
  const version = await targetOf(client, request);
  const previous = await client.getAlias(modelName, alias);
  if (previous?.version === version.version) return await completeRecord(client, request, version);
  checkExpected(request, previous);
  if (request.dryRun) return { version, previous, isMove: true, hasCompletedRecord: false };
  const attempt: Attempt = {
    alias,
    at: request.at.toISOString(),
    by: request.promotedBy,
    from: previous?.version ?? "none",
  };
  await client.setModelVersionTag(modelName, version.version, attemptTag, JSON.stringify(attempt));
  const holder = await client.getAlias(modelName, alias);
  if (holder?.version !== previous?.version) throw moved(request, { holder, previous, moment: "meanwhile" });
  await client.setAlias(modelName, alias, version.version);
  const after = await client.getAlias(modelName, alias);
  if (after?.version !== version.version) {
    throw moved(request, { holder: after, previous, moment: `right after it was set to ${version.version}` });
  }
  await writeRecord(client, { modelName, version: version.version }, attempt);
  return { version, previous, isMove: true, hasCompletedRecord: false };
}

const attemptTag = "mlops.promotion_attempt";

/** The content of `attemptTag`; `from` is a version or `none`. */
interface Attempt {
  readonly alias: string;
  readonly at: string;
  readonly by: string;
  readonly from: string;
}

/** The alias is where it belongs; the tags of the start that put it there may be missing. */
async function completeRecord(
  client: Client,
  { modelName, alias, dryRun }: Promotion,
  version: ModelVersion,
): Promise<PromotionOutcome> {
  const attempt = readAttempt(version.tags.get(attemptTag));
  const isCutOff = attempt?.alias === alias && version.tags.get("mlops.promoted_at") !== attempt.at;
  if (attempt !== undefined && isCutOff && !dryRun)
    await writeRecord(client, { modelName, version: version.version }, attempt);
  return { version, previous: version, isMove: false, hasCompletedRecord: isCutOff && !dryRun };
}

function readAttempt(text: string | undefined): Attempt | undefined {
  if (text === undefined) return undefined;
  try {
    const { alias, at, by, from }: Readonly<Record<string, unknown>> = JSON.parse(text);
    return { alias: String(alias), at: String(at), by: String(by), from: String(from) };
  } catch {
    // Not ours: somebody else's tag of that name is no record.
    return undefined;
  }
}

async function targetOf(client: Client, { modelName, target }: Promotion): Promise<ModelVersion> {
  const version =
    "version" in target
      ? await client.getModelVersion(modelName, target.version)
      : await client.getAlias(modelName, target.fromAlias);
  if (version === undefined) {
    const alias = "fromAlias" in target ? target.fromAlias : "";
    throw new MlopsError({
      kind: "usage",
      code: "ALIAS_NOT_FOUND",
      message: `${modelName} has no alias ${JSON.stringify(alias)} (--from-alias).`,
      hint: "`mlops register --alias …` sets one, or say --model-version.",
    });
  }
  if (version.status === "READY" || version.status === "") return version;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MODEL_VERSION_NOT_READY",
    message: `Version ${version.version} of ${modelName} is ${version.status}, not READY.`,
  });
}

function checkExpected(request: Promotion, holder: ModelVersion | undefined): void {
  const { expectedVersion } = request;
  if (expectedVersion === undefined) return;
  const expected = expectedVersion === "none" ? undefined : expectedVersion;
  if (holder?.version === expected) return;
  throw new MlopsError({
    kind: "blocked",
    code: "ALIAS_MOVED",
    message: `The alias ${request.alias} of ${request.modelName} points to ${nameOf(holder)}, expected ${expectedVersion === "none" ? "nothing" : `version ${expectedVersion}`} (--expected-version). Nothing was changed.`,
    hint: "Somebody promoted another version since. Gate against that one and promote again.",
  });
}

function moved(
  { modelName, alias }: Promotion,
  seen: {
    readonly holder: ModelVersion | undefined;
    readonly previous: ModelVersion | undefined;
    readonly moment: string;
  },
): MlopsError {
  return new MlopsError({
    kind: "blocked",
    code: "ALIAS_MOVED",
    message: `The alias ${alias} of ${modelName} was moved by somebody else ${seen.moment}: it pointed to ${nameOf(seen.previous)} and points to ${nameOf(seen.holder)} now.`,
    hint: "Another pipeline promotes at the same time (GitLab: resource_group). Look at that version before you promote again.",
  });
}

function nameOf(version: ModelVersion | undefined): string {
  return version === undefined ? "nothing" : `version ${version.version}`;
}

/** The audit trail: tags stay on the versions when the alias moves on. `promoted_at` is the last, the mark of a whole one. */
async function writeRecord(
  client: Client,
  { modelName, version }: { readonly modelName: string; readonly version: string },
  { alias, at, by, from }: Attempt,
): Promise<void> {
  const records: [string, string, string][] = [
    [version, "mlops.promoted_by", by],
    [version, "mlops.promoted_from", from],
    [version, "mlops.promoted_to_alias", alias],
  ];
  if (from !== "none") records.push([from, "mlops.replaced_at", at], [from, "mlops.replaced_by", version]);
  records.push([version, "mlops.promoted_at", at]);
  try {
    for (const [number, key, value] of records)
      await client.setModelVersionTag(modelName, number, key, value);
  } catch (error) {
    const kind = error instanceof MlopsError ? error.kind : "unavailable";
    throw new MlopsError({
      kind,
      code: "PROMOTION_NOT_RECORDED",
      message: `The alias ${alias} of ${modelName} points to version ${version} now, but not all of its tags could be written: ${messageOf(error)}`,
      hint: "The promotion itself is done; the same command again writes the tags mlops.promoted_* that are missing.",
      cause: error,
    });
  }
}
