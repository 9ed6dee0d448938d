import type { BootstrapRecipe } from "../metrics/paired/bootstrap.ts";
import type { PairedChange } from "../metrics/paired/paired-change.ts";

/** What is known of a side's rows beside those of the first side. */
export interface Pairing {
  /** The side's. */
  readonly label: string;
  /** Why nothing is paired; null where it is. */
  readonly reason: string | null;
  /** By `changeKey`. */
  readonly changes: ReadonlyMap<string, PairedChange>;
  /** How the rows were resampled for metrics without a closed form; undefined where none was. */
  readonly bootstrap: BootstrapRecipe | undefined;
}

/** The name of a change: of all rows, or of a subgroup (`sex=female`). */
export function changeKey(metric: string, subgroup: string | null): string {
  return JSON.stringify([metric, subgroup]);
}
