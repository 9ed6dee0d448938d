/** One metric of a result file. */
export interface Measured {
  /** Its canonical name. */
  readonly name: string;
  /** As the file writes it. */
  readonly spelled: string;
  /** Null where undefined. */
  readonly value: number | null;
  /** Why there is no value. */
  readonly reason: string | null;
}

export type MetricMap = ReadonlyMap<string, Measured>;

export interface MeasuredGroup {
  /** `sex=female`, or the bare name of a group whose column the file does not say. */
  readonly key: string;
  readonly column: string | null;
  /** Null where the file does not say. */
  readonly count: number | null;
  readonly positives: number | null;
  readonly negatives: number | null;
  readonly metrics: MetricMap;
}

/** Whose evaluation it is; null where unknown. Two sides that share any of these are the same model. */
interface ModelIdentity {
  readonly runId: string | null;
  readonly modelUri: string | null;
  readonly modelSha256: string | null;
  readonly scoresSha256: string | null;
}

/** What a gate knows of one model's evaluation, whatever file it came from. */
export interface Evaluation {
  /** File or version, as shown to the reader. */
  readonly uri: string;
  readonly metrics: MetricMap;
  readonly groups: ReadonlyMap<string, MeasuredGroup>;
  readonly evalSet: { readonly sha256: string | null; readonly rows: number | null };
  readonly identity: ModelIdentity;
  /** ISO 8601 UTC. */
  readonly evaluatedAt: string | null;
}
