import { contractFileSchema } from "../contract/contract.ts";
import type { ExchangeNote, ImportedDraft } from "./draft.ts";

const mostRemoved = 10_000;

/**
 * A draft that passes the schema of a contract file. What the schema refuses (a min above the max, a bound that is no
 * number) is taken out and listed: the other rules are worth having.
 */
export function checkedContract({ contract, notes }: ImportedDraft): ImportedDraft {
  const checked: unknown = structuredClone(contract);
  const removed: ExchangeNote[] = [];
  for (;;) {
    const parsed = contractFileSchema.safeParse(checked);
    if (parsed.success) break;
    // Each round takes one entry out.
    if (removed.length > mostRemoved) throw new Error(`not a contract: ${parsed.error.message}`);
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    if (issue === undefined || path.length === 0) throw new Error(`not a contract: ${parsed.error.message}`);
    const taken = takenOut(checked, existing(checked, entryOf(path, issue)));
    removed.push({ path: shownPath(taken), reason: `cannot be a rule of a contract: ${issue.message}` });
  }
  return { contract: { ...(checked as typeof contract) }, notes: [...notes, ...removed] };
}

/** The whole rule that an issue is about: `columns.0.min` of `columns.0.min.value`. */
function entryOf(path: readonly PropertyKey[], issue: object): readonly PropertyKey[] {
  const keys = "keys" in issue && Array.isArray(issue.keys) ? issue.keys : [];
  const [unknown] = keys;
  const whole = typeof unknown === "string" ? [...path, unknown] : path;
  // A name that another check has too is no reason to give the check up.
  const isText =
    whole[0] === "checks" && whole.length === 3 && (whole[2] === "name" || whole[2] === "description");
  const depth = whole[0] === "columns" || isText ? 3 : 2;
  return whole.slice(0, depth);
}

/** Where what is missing is the trouble, the whole that misses it goes. */
function existing(contract: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  const found = path.reduce<unknown>(
    (place, key) => (place === undefined ? place : Reflect.get(Object(place), key)),
    contract,
  );
  return found === undefined && path.length > 1 ? existing(contract, path.slice(0, -1)) : path;
}

function takenOut(contract: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  let place: unknown = contract;
  for (const key of path.slice(0, -1)) place = Reflect.get(Object(place), key);
  const last = path.at(-1);
  if (Array.isArray(place)) place.splice(Number(last), 1);
  else if (last !== undefined) Reflect.deleteProperty(Object(place), last);
  return path;
}

function shownPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
