import { MlopsError } from "../errors.ts";

/**
 * The path of `mlflow-artifacts:/<path>` on the tracking server, without leading and trailing `/`.
 * `mlflow-artifacts://host/…` is only taken for the tracking server itself: no credentials go elsewhere.
 * Throws `usage` NOT_YET for roots that are not proxied (`s3://`, `file:`, …).
 */
export function proxiedPathOf(artifactUri: string, trackingUrl: string): string {
  const match = /^mlflow-artifacts:(\/\/[^/]*)?(\/.*)?$/.exec(artifactUri);
  if (match === null) throw notProxied(artifactUri);
  const host = match[1]?.slice(2) ?? "";
  if (host !== "" && host !== new URL(trackingUrl).host) throw notProxied(artifactUri);
  const parts = (match[2] ?? "").split("/").filter((part) => part !== "");
  if (parts.some((part) => part === "." || part === "..")) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "ARTIFACT_URI_INVALID",
      message: `The artifact address ${artifactUri} points out of its folder.`,
    });
  }
  return parts.join("/");
}

function notProxied(artifactUri: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "NOT_YET",
    message: `The artifacts are at ${artifactUri}; mlops can so far only reach artifacts through the tracking server (mlflow-artifacts:/…).`,
    hint: "Start the server with `mlflow server --serve-artifacts --artifacts-destination …` and use a new experiment.",
  });
}

/** Joins a root and a path below it with `/`; both may be empty. */
export function joinPath(root: string, path: string): string {
  return [root, ...path.split("/")].filter((part) => part !== "").join("/");
}

/** Percent-encodes each segment. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * A name of a listing, which comes from a server and decides where a file is written.
 * Throws `not-evaluable` for one that is not a plain name of this folder.
 */
export function checkListedName(name: string, folder: string): string {
  const isPlain = name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
  if (isPlain) return name;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "LISTING_HOSTILE",
    message: `The tracking server lists ${JSON.stringify(name)} in ${JSON.stringify(folder)}, which is not a plain file name; nothing was written.`,
    hint: "Such a name could place files outside the download folder. Look at the artifacts on the server.",
  });
}
