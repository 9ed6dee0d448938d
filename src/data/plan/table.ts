/** Another table that rules look at: the target of a reference, or the one whose rows are compared. */
export interface OtherTable {
  /** The name that measures and SQL checks call it by; never `data`, which is the table itself. */
  readonly name: string;
  /** Files, globs, folders or URIs, as `--data-path` takes them. */
  readonly paths: readonly string[];
}
