import { absent, anyOrder, empty } from "../match.ts";
import {
  deleteArtifact,
  get,
  getArtifact,
  invalid,
  listArtifacts,
  missing,
  post,
  putArtifact,
  type Row,
} from "../row.ts";

const root = "{{experiment}}/{{run}}/artifacts";

export const artifactsRead: readonly Row[] = [
  {
    id: "artifacts.get.range",
    title: "Range is answered 206 with the part, beyond the end 416",
    source: "1.3 GET artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/file.txt`, "0123456789"),
      getArtifact(`${root}/file.txt`, {
        headers: { range: "bytes=2-4" },
        status: 206,
        text: "234",
        responseHeaders: { "content-length": "3", "content-range": "bytes 2-4/10" },
      }),
      getArtifact(`${root}/file.txt`, { headers: { range: "bytes=7-" }, status: 206, text: "789" }),
      getArtifact(`${root}/file.txt`, { headers: { range: "bytes=-2" }, status: 206, text: "89" }),
      getArtifact(`${root}/file.txt`, { headers: { range: "bytes=99-" }, status: 416 }),
    ],
  },
  {
    id: "artifacts.get.missing",
    title: "a missing file is 404 RESOURCE_DOES_NOT_EXIST",
    source: "1.3 GET artifacts/<path>",
    given: ["run"],
    steps: [getArtifact(`${root}/nothing.txt`, missing())],
  },
  {
    id: "artifacts.get.directory",
    title: "GET of a directory is 400",
    source: "1.3 GET artifacts/<path>",
    given: ["run"],
    steps: [putArtifact(`${root}/dir/file.txt`, "text"), getArtifact(`${root}/dir`, { status: 400 })],
  },
  {
    id: "artifacts.list",
    title: "the listing names the entries of one directory only, by base name",
    source: "1.3 GET artifacts?path=<dir>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/a.txt`, "text"),
      putArtifact(`${root}/dir/b.txt`, "text"),
      putArtifact(`${root}/dir/sub/c.txt`, "text"),
      listArtifacts(root, {
        body: {
          files: anyOrder(
            { path: "a.txt", is_dir: false, file_size: 4 },
            { path: "dir", is_dir: true, file_size: absent },
          ),
        },
      }),
      listArtifacts(`${root}/dir`, {
        body: { files: anyOrder({ path: "b.txt", is_dir: false }, { path: "sub", is_dir: true }) },
      }),
    ],
  },
  {
    id: "artifacts.list.nothing",
    title: "the listing of a file or of nothing is {}",
    source: "1.3 GET artifacts?path=<dir>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/a.txt`, "text"),
      listArtifacts(`${root}/a.txt`, { body: empty }),
      listArtifacts(`${root}/nothing`, { body: empty }),
    ],
  },
  {
    id: "artifacts.list.parent",
    title: "a listing path with .. is 400",
    source: "1.3 encode each segment",
    given: ["run"],
    steps: [listArtifacts(`${root}/../..`, invalid("path"))],
  },
  {
    id: "artifacts.delete",
    title: "DELETE removes a file or a directory and answers {} also if there is nothing",
    source: "1.3 DELETE artifacts/<path>",
    given: ["run"],
    steps: [
      putArtifact(`${root}/a.txt`, "text"),
      putArtifact(`${root}/dir/b.txt`, "text"),
      putArtifact(`${root}/kept.txt`, "text"),
      deleteArtifact(`${root}/a.txt`, { body: empty }),
      deleteArtifact(`${root}/a.txt`, { body: empty }),
      deleteArtifact(`${root}/dir`, { body: empty }),
      listArtifacts(root, { body: { files: [{ path: "kept.txt" }] } }),
    ],
  },
  {
    id: "artifacts.run-list",
    title: "artifacts/list names root_uri and paths relative to the run",
    source: "1.1 artifacts/list",
    given: ["run"],
    steps: [
      get("artifacts/list", { run_id: "{{run}}" }, { body: { root_uri: "{{artifactUri}}", files: absent } }),
      putArtifact(`${root}/dir/b.txt`, "text"),
      get(
        "artifacts/list",
        { run_id: "{{run}}" },
        {
          body: { root_uri: "{{artifactUri}}", files: [{ path: "dir", is_dir: true }] },
        },
      ),
      get(
        "artifacts/list",
        { run_id: "{{run}}", path: "dir" },
        {
          body: { files: [{ path: "dir/b.txt", is_dir: false, file_size: 4 }] },
        },
      ),
      get("artifacts/list", { run_id: "{{run}}", path: "dir/b.txt" }, { body: { files: absent } }),
      get("artifacts/list", { run_id: "{{run}}", path: "nothing" }, { body: { files: absent } }),
      get("artifacts/list", { run_id: "{{run}}", path: "../x" }, invalid()),
    ],
  },
  {
    id: "artifacts.run-list.unknown-run",
    title: "artifacts/list of an unknown run is 404, without a run 400",
    source: "1.1 artifacts/list",
    steps: [
      get("artifacts/list", { run_id: "0123456789abcdef0123456789abcdef" }, missing()),
      get("artifacts/list", {}, invalid("run_id")),
    ],
  },
  {
    id: "artifacts.multipart",
    title: "multipart upload and presigned download are 501 over local files: clients fall back",
    source: "1.3 POST mpu/create/<dir>",
    given: ["run"],
    steps: [
      post(
        "/api/2.0/mlflow-artifacts/mpu/create/{{experiment}}/{{run}}/artifacts",
        { path: "x", num_parts: 1 },
        {
          status: 501,
          errorCode: "NOT_IMPLEMENTED",
        },
      ),
      get(`/api/2.0/mlflow-artifacts/presigned/${root}/x`, {}, { status: 501, errorCode: "NOT_IMPLEMENTED" }),
    ],
  },
];
