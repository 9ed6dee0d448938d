import { MlopsError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { ObjectFacts } from "./s3-client.ts";
import type { S3Store } from "./s3-store.ts";
import { isDataName, isHiddenPath, keyPattern, type S3Place } from "./s3-uri.ts";

/**
 * The objects that an address names, in the order of their keys: the one, all data files below a prefix (hidden ones left out), or
 * all that a pattern matches. Throws `not-evaluable` where there is none.
 */
export async function findObjects(
  store: S3Store,
  place: S3Place,
  signal: AbortSignal,
): Promise<readonly ObjectFacts[]> {
  switch (place.kind) {
    case "object":
      return await oneObject(store, place, signal);
    case "prefix":
      return await belowPrefix(store, place, signal);
    case "glob":
      return await matching(store, place, signal);
  }
}

async function oneObject(
  store: S3Store,
  place: S3Place,
  signal: AbortSignal,
): Promise<readonly ObjectFacts[]> {
  try {
    return [await store.head(place.bucket, place.key, signal)];
  } catch (error) {
    if (!(error instanceof MlopsError) || error.code !== "S3_OBJECT_MISSING") throw error;
    // Written without its slash, a folder is what was meant. Who may not list gets the first answer.
    const folder = { ...place, key: `${place.key}/` };
    const found = await listed(store, folder, signal).catch(() => ({ data: [], others: [] }));
    signal.throwIfAborted();
    if (found.data.length === 0) throw error;
    return found.data;
  }
}

interface Listed {
  readonly data: readonly ObjectFacts[];
  /** Keys of what is there and no data. */
  readonly others: readonly string[];
}

async function listed(store: S3Store, { bucket, key }: S3Place, signal: AbortSignal): Promise<Listed> {
  const data: ObjectFacts[] = [];
  const others: string[] = [];
  for await (const object of store.list(bucket, key, signal)) {
    const below = object.key.slice(key.length);
    // The console makes an empty object of a folder's name.
    if (below === "" || below.endsWith("/")) continue;
    if (isDataName(below) && !isHiddenPath(below)) data.push(object);
    else others.push(object.key);
  }
  return { data: inOrder(data), others };
}

async function belowPrefix(
  store: S3Store,
  place: S3Place,
  signal: AbortSignal,
): Promise<readonly ObjectFacts[]> {
  const { data, others } = await listed(store, place, signal);
  if (data.length > 0) return data;
  const some = others.slice(0, 3).map((key) => printable(key));
  const there =
    others.length === 0
      ? "nothing is there"
      : `there ${others.length === 1 ? "is" : "are"} ${others.length} of other kinds: ${some.join(", ")}${others.length > 3 ? ", …" : ""}`;
  throw none(
    `${printable(place.uri)} holds no data files: ${there}.`,
    "Data files end in .csv, .parquet, .arrow or the like; name others one by one or by a pattern.",
  );
}

async function matching(
  store: S3Store,
  place: S3Place,
  signal: AbortSignal,
): Promise<readonly ObjectFacts[]> {
  const pattern = keyPattern(place.key);
  const found: ObjectFacts[] = [];
  let seen = 0;
  for await (const object of store.list(place.bucket, pattern.prefix, signal)) {
    seen += 1;
    if (pattern.matches(object.key) && !object.key.endsWith("/")) found.push(object);
  }
  if (found.length > 0) return inOrder(found);
  throw none(
    `${printable(place.uri)} matches none of the ${seen} keys that begin with ${JSON.stringify(pattern.prefix)}.`,
    "* stands for letters within one name, ** for any folders.",
  );
}

/** S3 lists in the order of UTF-8 bytes; so do we, whatever a store does. */
function inOrder(objects: readonly ObjectFacts[]): ObjectFacts[] {
  return objects.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function none(message: string, hint: string): MlopsError {
  return new MlopsError({ kind: "not-evaluable", code: "S3_NO_OBJECTS", message, hint });
}
