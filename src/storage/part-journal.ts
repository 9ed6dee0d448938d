import { writeSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { systemCodeOf } from "../errors.ts";

/** Which parts of an object are on disk, with the CRC-32 of each; kept beside the partial file, so that a later job goes on. */
export interface PartJournal {
  /** Part number (from 0) to CRC-32, as an earlier attempt left them; not yet held against the bytes on disk. */
  readonly found: ReadonlyMap<number, number>;
  /** Says that a part is on disk. Throws what the disk throws. */
  add(part: number, crc: number): void;
  close(): Promise<void>;
}

/**
 * Opens or begins a journal. `heading` names the object and the size of a part: a journal with another heading is begun anew.
 * A torn last line (the writer was killed) is ignored.
 */
export async function openPartJournal(file: string, heading: string): Promise<PartJournal> {
  const found = await readParts(file, heading);
  const isNew = found === undefined;
  const handle: FileHandle = await open(file, isNew ? "w" : "a");
  // The line end before it parts the next entry from a torn one.
  await handle.write(isNew ? `${heading}\n` : "\n");
  return {
    found: found ?? new Map(),
    add: (part, crc) => {
      writeSync(handle.fd, `${part} ${crc.toString(16).padStart(8, "0")}\n`);
    },
    close: () => handle.close(),
  };
}

async function readParts(file: string, heading: string): Promise<Map<number, number> | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const [first, ...lines] = text.split("\n");
  if (first !== heading) return undefined;
  const parts = new Map<number, number>();
  // What follows the last line end is torn.
  for (const line of lines.slice(0, -1)) {
    const [, part, crc] = /^(\d+) ([0-9a-f]{8})$/.exec(line) ?? [];
    if (part !== undefined && crc !== undefined) parts.set(Number(part), Number.parseInt(crc, 16));
  }
  return parts;
}
