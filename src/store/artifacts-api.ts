import type { IncomingMessage, ServerResponse } from "node:http";
import { listBelowRoot, listFolder } from "./artifact-listing.ts";
import { splitArtifactPath } from "./artifact-paths.ts";
import { deleteArtifact, getArtifact, putArtifact } from "./artifact-transfer.ts";
import type { Call, Route } from "./call.ts";
import { StoreRefusal } from "./refusal.ts";
import { requireRun } from "./runs-api.ts";
import type { Store } from "./store.ts";
import { optionalList, type View } from "./views.ts";

export const artifactRoutes: readonly Route[] = [
  { method: "GET", path: "/mlflow/artifacts/list", handle: listRunArtifacts },
  { method: "GET", path: "/mlflow-artifacts/artifacts", handle: listArtifacts },
  { method: "POST", path: "/mlflow-artifacts/mpu/*", handle: refuseMultipart },
  { method: "GET", path: "/mlflow-artifacts/presigned/*", handle: refusePresigned },
  { method: "POST", path: "/mlflow/artifacts/presigned-upload-url", handle: refusePresigned },
  { method: "POST", path: "/mlflow/artifacts/presigned-download-url", handle: refusePresigned },
  { method: "GET", path: "/mlflow/server-info", version: "3.0", handle: serverInfo },
];

/** Bytes in and out: a method and a handler for `…/mlflow-artifacts/artifacts/<path>`. */
export async function transferArtifact(
  store: Store,
  encodedPath: string,
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const decoded = decodePath(encodedPath);
  const { request, response } = exchange;
  switch (request.method) {
    case "PUT":
      await putArtifact(store, decoded, request);
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
      return;
    case "GET":
    case "HEAD":
      await getArtifact(store, decoded, exchange);
      return;
    case "DELETE":
      await deleteArtifact(store, decoded);
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
      return;
    default:
      throw new StoreRefusal("ENDPOINT_NOT_FOUND", `${request.method} is no method of an artifact.`);
  }
}

async function listRunArtifacts({ store, fields }: Call): Promise<View> {
  const run = requireRun(store, fields.runId()).state;
  return await listBelowRoot(store.layout, run.artifactUri, fields.string("path") ?? "");
}

async function listArtifacts({ store, fields }: Call): Promise<View> {
  const files = await listFolder(store.layout, splitArtifactPath(fields.string("path") ?? ""));
  return { files: optionalList(files) };
}

function refuseMultipart(): View {
  throw new StoreRefusal(
    "NOT_IMPLEMENTED",
    "The embedded store takes every file in one PUT; multipart uploads are not supported.",
  );
}

function refusePresigned(): View {
  throw new StoreRefusal("NOT_IMPLEMENTED", "The embedded store has no presigned URLs.");
}

function serverInfo(): View {
  return {
    store_type: "SqlStore",
    workspaces_enabled: false,
    trace_archival_enabled: false,
    multipart_uploads_enabled: false,
    multipart_downloads_enabled: false,
    presigned_upload_run_id_supported: false,
    presigned_upload_model_id_supported: false,
    features_enabled: { gateway: false },
  };
}

function decodePath(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new StoreRefusal("INVALID_PARAMETER_VALUE", "Invalid path");
  }
}
