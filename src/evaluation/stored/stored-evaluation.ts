import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import type { JobThread } from "../../metrics/binary/job-thread.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { EvaluationRequest } from "../evaluated-table.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import type { RowOrder } from "../row-ids.ts";
import type { LoadingModel } from "../score-table.ts";

/** What is measured from disk, and with what. */
export interface StoredEvaluation {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly loading: LoadingModel | undefined;
  readonly helper: JobThread | undefined;
  /** So many at most. */
  readonly threads: number;
  readonly reading: ReadRequest & { readonly look: FirstLook };
  /** In memory at once. */
  readonly rowBytes: number;
}

/** What is written into files. */
export interface StoreRequest extends ReadRequest {
  readonly look: FirstLook;
  readonly order: RowOrder | undefined;
}
