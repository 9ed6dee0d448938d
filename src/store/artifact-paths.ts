import path from "node:path";
import { artifactsFolder, type Layout, modelsFolder } from "./layout.ts";
import { invalid } from "./refusal.ts";

/** Where an artifact path of the REST API stands on disk. */
export interface ArtifactPlace {
  readonly file: string;
  /** Below `artifacts/` of a run or logged model; otherwise in `files/`. */
  readonly owner: string | undefined;
}

/** The segments of a decoded artifact path. Refuses what could leave the artifact root, or surprise in it. */
export function splitArtifactPath(decoded: string): string[] {
  const segments = decoded.split("/");
  const isUnsafe =
    decoded.startsWith("/") ||
    segments.some((segment) => segment === ".." || segment === ".") ||
    /[\0\n\r#]/.test(decoded) ||
    /^[a-z]:[\\/]/i.test(decoded) ||
    /^file:/i.test(decoded);
  if (isUnsafe) throw invalid("Invalid path");
  const named = segments.filter((segment) => segment !== "");
  const long = named.find((segment) => Buffer.byteLength(segment) > 255);
  if (long !== undefined) {
    throw invalid(
      `Invalid path: a name in it has ${Buffer.byteLength(long)} bytes, and file systems take 255`,
    );
  }
  return named;
}

/**
 * `<experiment>/<run>/artifacts/…` and `<experiment>/models/<model>/artifacts/…` stand in the folders of those;
 * everything else below `files/`, so that no upload can touch a journal.
 */
export function placeOf(layout: Layout, segments: readonly string[]): ArtifactPlace {
  const ownerLength = ownerSegments(segments);
  if (ownerLength === 0) return { file: path.join(layout.files, ...segments), owner: undefined };
  const owner = path.join(layout.experiments, ...segments.slice(0, ownerLength));
  return { file: path.join(owner, artifactsFolder, ...segments.slice(ownerLength + 1)), owner };
}

/** How many segments name the owning run (2) or logged model (3); 0 where the path is nobody's. */
function ownerSegments(segments: readonly string[]): number {
  const [experiment = "", second, third, fourth] = segments;
  if (!/^\d{1,19}$/.test(experiment)) return 0;
  if (second === modelsFolder)
    return /^m-[0-9a-f]{32}$/.test(third ?? "") && fourth === artifactsFolder ? 3 : 0;
  return /^[0-9a-f]{32}$/.test(second ?? "") && third === artifactsFolder ? 2 : 0;
}

/** The folders between the root and the owners, which hold no artifacts themselves: `<experiment>`, `<experiment>/<run>`, … */
export function structuralFolder(layout: Layout, segments: readonly string[]): string | undefined {
  if (segments.length === 0) return layout.experiments;
  const isAbove =
    /^\d{1,19}$/.test(segments[0] ?? "") && segments.length <= (segments[1] === modelsFolder ? 3 : 2);
  return isAbove ? path.join(layout.experiments, ...segments) : undefined;
}

/** `mlflow-artifacts:/1/abc/artifacts` -> `1/abc/artifacts`; undefined for roots that are not proxied. */
export function proxiedPath(uri: string): string | undefined {
  return /^mlflow-artifacts:\/(?!\/)(.*)$/.exec(uri)?.[1];
}
