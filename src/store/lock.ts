import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { MlopsError, messageOf } from "../errors.ts";
import { StoreRefusal } from "./refusal.ts";

/** How long a write waits for the other processes before its client is told to come again. */
const patienceMs = 60_000;
/** Rows that an open process may lag behind before it has to look at the whole store again. */
const keptChanges = 1024;

/**
 * Serialises the writers of one store across processes and tells them what the others wrote.
 *
 * The lock is SQLite's file lock on `<directory>.lock.db`: the kernel gives it back when its holder dies. The
 * database only holds names of changed folders; nothing is lost with it, and it is no part of the store.
 */
export class StoreLock {
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<"version" | "since" | "oldest" | "newest" | "add", StatementSync>>;
  #dataVersion = -1;
  #seen = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      this.#database = new DatabaseSync(file, { timeout: 5_000 });
      // Power loss may cost this file its contents, never the store's: no need to wait for the disk here.
      this.#database.exec("PRAGMA synchronous=OFF; PRAGMA journal_mode=DELETE");
      this.#database.exec(
        "CREATE TABLE IF NOT EXISTS changes (n INTEGER PRIMARY KEY AUTOINCREMENT, folder TEXT)",
      );
      this.#database.exec(
        `DELETE FROM changes WHERE n <= (SELECT coalesce(max(n), 0) - ${keptChanges} FROM changes)`,
      );
      this.#database.exec("PRAGMA busy_timeout=0");
      this.#statements = {
        version: this.#database.prepare("PRAGMA data_version"),
        since: this.#database.prepare("SELECT n, folder FROM changes WHERE n > ? ORDER BY n"),
        oldest: this.#database.prepare("SELECT coalesce(min(n), 0) AS n FROM changes"),
        newest: this.#database.prepare("SELECT coalesce(max(n), 0) AS n FROM changes"),
        add: this.#database.prepare("INSERT INTO changes (folder) VALUES (?)"),
      };
    } catch (error) {
      throw notOpened(file, error);
    }
    this.#seen = this.#number(this.#statements.newest);
    this.#dataVersion = this.#readDataVersion();
  }

  /**
   * The folders that other processes changed since the last call; `everything` when this process lagged behind
   * too far; undefined when nothing happened, which costs a few microseconds.
   */
  changes(): readonly string[] | "everything" | undefined {
    let version: number;
    try {
      version = this.#readDataVersion();
    } catch (error) {
      // A writer is just committing: what it wrote belongs to the next look.
      if (isBusy(error)) return undefined;
      throw error;
    }
    if (version === this.#dataVersion) return undefined;
    try {
      const folders = this.#readChanges();
      this.#dataVersion = version;
      return folders;
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    }
  }

  /**
   * Runs `work` while no other process writes. `work` is synchronous, so that nothing of this process comes
   * between either, and returns the folders that it changed.
   */
  async exclusively<T>(work: (note: (folder: string) => void) => T): Promise<T> {
    const turn = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await turn;
    try {
      await this.#begin();
      return this.#hold(work);
    } finally {
      resolve();
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #hold<T>(work: (note: (folder: string) => void) => T): T {
    const folders = new Set<string>();
    try {
      return work((folder) => folders.add(folder));
    } finally {
      // Also after a failure: whatever reached the disk before it has to be announced.
      for (const folder of folders) this.#statements.add.run(folder);
      this.#commit();
      // Nobody else was between our look at the changes and this commit, so all new rows are ours.
      if (folders.size > 0) this.#seen = this.#number(this.#statements.newest);
    }
  }

  /** A reader of another process holds the file for microseconds at a time: waited for without going away. */
  #commit(): void {
    const end = performance.now() + 10_000;
    const bell = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      try {
        this.#database.exec("COMMIT");
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) {
          this.#database.exec("ROLLBACK");
          throw error;
        }
      }
      Atomics.wait(bell, 0, 0, 1);
    }
  }

  async #begin(): Promise<void> {
    const end = performance.now() + patienceMs;
    let pauseMs = 1;
    for (;;) {
      try {
        this.#database.exec("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
      if (performance.now() > end) {
        throw new StoreRefusal(
          "TEMPORARILY_UNAVAILABLE",
          `Another process has been writing to this store for ${patienceMs / 1000} s. Try again.`,
        );
      }
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, 8);
    }
  }

  #readChanges(): readonly string[] | "everything" {
    const oldest = this.#number(this.#statements.oldest);
    const rows = this.#statements.since.all(this.#seen);
    const lagged = oldest > this.#seen + 1;
    const last = rows.at(-1)?.["n"];
    if (typeof last === "number") this.#seen = last;
    return lagged ? "everything" : [...new Set(rows.map((row) => String(row["folder"])))];
  }

  #readDataVersion(): number {
    return Number(this.#statements.version.get()?.["data_version"]);
  }

  #number(statement: StatementSync): number {
    return Number(statement.get()?.["n"]);
  }
}

/** SQLite's primary result code: 11 is "corrupt", 26 "not a database". */
function errorNumberOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number")
    return undefined;
  return error.errcode & 0xff;
}

/** SQLITE_BUSY (5), SQLITE_LOCKED (6), and their extended forms. */
function isBusy(error: unknown): boolean {
  const primary = errorNumberOf(error);
  return primary === 5 || primary === 6;
}

function notOpened(file: string, error: unknown): MlopsError {
  const message = `${file}, the lock of the store, cannot be opened: ${messageOf(error)}.`;
  if (isBusy(error)) {
    const hint =
      "Another mlops process holds it and does not go on. Look for one that is stopped, and try again.";
    return new MlopsError({ kind: "unavailable", code: "STORE_BUSY", message, hint, cause: error });
  }
  const isBroken = [11, 26].includes(errorNumberOf(error) ?? 0);
  const hint = isBroken
    ? "It holds no data: end the mlops processes that use this store, remove the file, and start again."
    : "Check that the folder around it may be written to, or name another store with --store-dir.";
  return new MlopsError({ kind: "usage", code: "STORE_LOCK_NOT_OPENED", message, hint, cause: error });
}
