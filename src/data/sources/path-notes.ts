/** Names that mean another file tomorrow. */
const mutableNames = ["latest", "current", "newest", "today", "head"];

/** A note where a part of the path (an ending does not count) says that it will be other data tomorrow. */
export function mutableNameNotes(uri: string): string[] {
  const parts = uri.split(/[/\\]/).map((part) => part.replace(/\..*$/s, "").toLowerCase());
  const found = mutableNames.find((name) => parts.includes(name));
  if (found === undefined) return [];
  return [
    `${uri}: the name "${found}" may mean other data tomorrow; digest and size in the report say which bytes were read.`,
  ];
}
