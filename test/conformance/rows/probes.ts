import { absent, present } from "../match.ts";
import { get, post, type Row } from "../row.ts";

const closed = "loopback is not private on a shared runner: everything but /health wants the token";

export const probes: readonly Row[] = [
  {
    id: "probes.health",
    title: "/health answers OK, without credentials, whatever the Host",
    source: "1.6 probes",
    steps: [
      get("/health", {}, { text: "OK", anonymous: true }),
      get(
        "/health",
        {},
        {
          text: "OK",
          anonymous: true,
          headers: { host: "evil.example" },
        },
      ),
    ],
  },
  {
    id: "probes.version",
    title: "/version answers a plain version",
    source: "1.6 probes",
    steps: [get("/version", {}, { text: /^\d+\.\d+\.\d+/ })],
  },
  {
    id: "probes.server-info",
    title: "server-info stands under /api/3.0/mlflow and offers no multipart over local files",
    source: "1.6 probes",
    steps: [
      get(
        "/api/3.0/mlflow/server-info",
        {},
        {
          body: {
            store_type: present,
            workspaces_enabled: false,
            multipart_uploads_enabled: false,
            multipart_downloads_enabled: false,
          },
        },
      ),
      get("/server-info", {}, { status: 404 }),
    ],
  },
  {
    id: "probes.host",
    title: "a foreign Host is 403",
    source: "1.7 403",
    steps: [
      get("experiments/get", { experiment_id: "0" }, { status: 403, headers: { host: "evil.example" } }),
    ],
  },
  {
    id: "probes.origin",
    title: "a write with a foreign Origin is 403",
    source: "1.7 403",
    steps: [
      post(
        "experiments/create",
        { name: "{{unique}}" },
        { status: 403, headers: { origin: "https://evil.example" } },
      ),
    ],
  },
  {
    id: "probes.token",
    title: "the embedded store wants its bearer token; a server without authentication does not",
    source: "4 embedded default (b)",
    steps: [
      get(
        "experiments/get",
        { experiment_id: "0" },
        {
          anonymous: true,
          embedded: { status: 401, errorCode: "UNAUTHENTICATED", why: closed },
        },
      ),
      get(
        "experiments/get",
        { experiment_id: "0" },
        {
          anonymous: true,
          headers: { authorization: "Bearer nonsense" },
          embedded: { status: 401, errorCode: "UNAUTHENTICATED", why: closed },
        },
      ),
      get(
        "/api/2.0/mlflow-artifacts/artifacts",
        { path: "0" },
        {
          anonymous: true,
          embedded: { status: 401, errorCode: "UNAUTHENTICATED", why: closed },
        },
      ),
    ],
  },
  {
    id: "probes.unrequired",
    title: "an answer leaves empty lists and unset fields out",
    source: "1 JSON",
    given: ["run"],
    steps: [
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { info: { end_time: absent }, data: { metrics: absent, params: absent } } },
        },
      ),
    ],
  },
];
