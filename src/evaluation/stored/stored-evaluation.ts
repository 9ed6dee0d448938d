import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { JobThread } from "../../metrics/binary/job-thread.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { EvaluationRequest } from "../evaluated-table.ts";
import type { LookedAt } from "../read/read-table.ts";
import type { RowOrder } from "../row-ids.ts";

/** What is measured from disk, and with what. */
export interface StoredEvaluation {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly helper: JobThread | undefined;
  /** So many at most. */
  readonly threads: number;
  readonly reading: LookedAt;
  /** In memory at once. */
  readonly rowBytes: number;
}

/** What is written into files. */
export type StoreRequest = LookedAt & { readonly order: RowOrder | undefined };
