import type { ContractSource } from "./contract/contract-form.ts";
import type { DuckDb } from "./engine/duckdb.ts";
import type { Suite } from "./gx/suite.ts";
import type { RemoteFetch } from "./sources/located.ts";

/** All that a validation is made of. */
export interface ValidateRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly contract: ContractSource;
  /** Where a key of the contract is written, for messages: `contract.yaml:3: columns.0.pattern`. */
  readonly placeInContract: (key: readonly (string | number)[]) => string;
  /** Suites of Great Expectations, in the order of the report. */
  readonly suites: readonly Suite[];
  readonly maxNullRatio: number;
  /** Over the contract's own. */
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
  /** Rows of the run before, for `rows.change`; undefined where no report of it was given. */
  readonly previousRows: number | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: string | undefined;
  /** The database that everything is read with. It is the caller's until it is asked for, and closed by who asks; once. */
  readonly openDatabase: () => Promise<DuckDb>;
  /** What freshness and `now()` count from. */
  readonly now: Date;
  /** Column profiles are found only where a page shows them. */
  readonly wantsProfiles: boolean;
  readonly failingRows: FailingRowsRequest | undefined;
  readonly fetchRemote: RemoteFetch | undefined;
  /** The environment, of which check scripts get only what their check names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes secrets out of what a check script says. */
  readonly redact: (text: string) => string;
  readonly watch: ValidationWatch;
  readonly signal: AbortSignal;
}

export interface FailingRowsRequest {
  /** Absolute; what stands there is replaced when all rows are written. */
  readonly file: string;
  /** Come first and are never masked. */
  readonly keyColumns: readonly string[];
  readonly showsValues: boolean;
}

/** Told how far a validation is. */
interface ValidationWatch {
  phase(title: string, number: number, total: number): void;
  /** `percent` 0..100 of the running query, undefined where nothing runs or it cannot say. */
  follow(read: () => number | undefined): void;
}
