import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";

/** What every line of a journal carries beside its own fields. */
interface Stamp {
  /** Position: higher than that of every event that its writer knew of. */
  readonly n: number;
  /** Epoch ms. */
  readonly at: number;
}

export type Stamped<E> = E & Stamp;

/** How one kind of thing is built from its events; `apply` never throws. */
export interface Replay<State, Event extends { readonly kind: string }> {
  readonly kinds: ReadonlySet<string>;
  create(): State;
  apply(state: State, event: Stamped<Event>): void;
}

export interface JournalOptions {
  /** Names this process's own journal; a journal is never appended to by a second process. */
  readonly writer: string;
  readonly warn: (line: string) => void;
}

interface Position {
  /** Bytes of whole lines read so far. */
  end: number;
}

interface Line<Event> {
  readonly event: Stamped<Event>;
  readonly writer: string;
}

/**
 * One folder's state, read from its `journal-<writer>.jsonl` files: one event a line, only ever appended to. Each
 * process appends to a file of its own, so that two copies of a folder that grew apart, laid over each other, hold
 * the events of both; these are ordered by position, then time, then writer.
 */
export class Journaled<State, Event extends { readonly kind: string }> {
  readonly folder: string;
  readonly #replay: Replay<State, Event>;
  readonly #options: JournalOptions;
  #positions = new Map<string, Position>();
  #state: State;
  #last = 0;
  /** Something was written here that this object may not have read yet. */
  isStale = true;

  constructor(folder: string, replay: Replay<State, Event>, options: JournalOptions) {
    this.folder = folder;
    this.#replay = replay;
    this.#options = options;
    this.#state = replay.create();
  }

  /** The state as of the last look at the folder; looks again if told that something changed. */
  get state(): State {
    if (this.isStale) this.refresh();
    return this.#state;
  }

  /** Reads what others appended. A missing folder has no events. */
  refresh(): void {
    this.isStale = false;
    const added = this.#readAdded();
    const first = added[0];
    if (first === undefined) return;
    if (first.event.n <= this.#last) {
      // Events of a branch that we did not know: their place is between those already applied.
      this.#positions = new Map();
      this.#state = this.#replay.create();
      this.#last = 0;
      this.#applyAll(this.#readAdded());
      return;
    }
    this.#applyAll(added);
  }

  /** Appends one event as a whole line, on disk when this returns. Only while holding the store's lock. */
  append(event: Event, at: number): void {
    const stamped: Stamped<Event> = { n: this.#last + 1, at, ...event };
    const line = Buffer.from(`${JSON.stringify(stamped)}\n`);
    const name = `journal-${this.#options.writer}.jsonl`;
    const position = this.#positions.get(name) ?? { end: 0 };
    const isNew = position.end === 0;
    if (isNew) mkdirSync(this.folder, { recursive: true });
    const handle = openSync(path.join(this.folder, name), "a");
    try {
      // What stands behind the last whole line is the rest of a write that failed.
      if (fstatSync(handle).size > position.end) ftruncateSync(handle, position.end);
      writeWhole(handle, line, position.end);
      fdatasyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (isNew) syncFolder(this.folder);
    this.#positions.set(name, { end: position.end + line.length });
    this.#apply(stamped);
  }

  #readAdded(): Line<Event>[] {
    const added: Line<Event>[] = [];
    for (const name of journalNames(this.folder)) {
      const start = this.#positions.get(name)?.end ?? 0;
      const text = readFrom(path.join(this.folder, name), start);
      const end = text.lastIndexOf(0x0a) + 1;
      if (end === 0) continue;
      this.#positions.set(name, { end: start + end });
      const lines = text.toString("utf8", 0, end - 1).split("\n");
      for (const line of lines) {
        const event = this.#parse(line);
        if (event !== undefined) added.push({ event, writer: name });
        else this.#options.warn(`${path.join(this.folder, name)}: a line is damaged and was skipped`);
      }
    }
    return added.sort(byPosition);
  }

  #parse(line: string): Stamped<Event> | undefined {
    try {
      const value: unknown = JSON.parse(line);
      return isEvent<Event>(value, this.#replay.kinds) ? value : undefined;
    } catch {
      // Not JSON: the caller names the file.
      return undefined;
    }
  }

  #applyAll(lines: readonly Line<Event>[]): void {
    for (const { event } of lines) this.#apply(event);
  }

  #apply(event: Stamped<Event>): void {
    this.#replay.apply(this.#state, event);
    if (event.n > this.#last) this.#last = event.n;
  }
}

/** The journals of a folder; none where the folder does not exist. */
function journalNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith("journal") && name.endsWith(".jsonl"));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Makes the names in a folder survive a power loss, where the file system can. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } catch (error) {
    // Not every file system knows how to sync a folder.
    if (!["EINVAL", "EPERM", "ENOTSUP"].includes(systemCodeOf(error) ?? "")) throw error;
  } finally {
    closeSync(handle);
  }
}

function writeWhole(handle: number, bytes: Buffer, restoreTo: number): void {
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(handle, bytes, written);
  } catch (error) {
    ftruncateSync(handle, restoreTo);
    throw error;
  }
}

function readFrom(file: string, start: number): Buffer {
  const handle = openSync(file, "r");
  try {
    const size = fstatSync(handle).size - start;
    if (size <= 0) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(size);
    const count = readSync(handle, bytes, 0, size, start);
    return bytes.subarray(0, count);
  } finally {
    closeSync(handle);
  }
}

function byPosition<E>(left: Line<E>, right: Line<E>): number {
  return (
    left.event.n - right.event.n || left.event.at - right.event.at || (left.writer < right.writer ? -1 : 1)
  );
}

/** Journals are written by this program alone, so the kind vouches for the rest of an event. */
function isEvent<E extends { readonly kind: string }>(
  value: unknown,
  kinds: ReadonlySet<string>,
): value is Stamped<E> {
  if (typeof value !== "object" || value === null) return false;
  if (!("n" in value) || !Number.isSafeInteger(value.n)) return false;
  if (!("at" in value) || typeof value.at !== "number") return false;
  return "kind" in value && typeof value.kind === "string" && kinds.has(value.kind);
}
