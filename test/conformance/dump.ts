import { type Peer, send } from "./http.ts";
import { isRecord } from "./match.ts";

/** Everything that a server tells about its experiments, runs, histories, logged models and registry. */
export async function dump(peer: Peer): Promise<Readonly<Record<string, unknown>>> {
  const experiments = await all(peer, "experiments/search", { max_results: 50_000, view_type: "ALL" });
  const ids = experiments.map((experiment) => String(experiment["experiment_id"]));
  const runs = await all(peer, "runs/search", {
    experiment_ids: ids,
    max_results: 50_000,
    run_view_type: "ALL",
  });
  const histories: unknown[] = [];
  for (const run of runs) histories.push(...(await historiesOf(peer, run)));
  return {
    experiments,
    runs,
    histories,
    loggedModels: await all(peer, "logged-models/search", { experiment_ids: ids, max_results: 1000 }),
    models: await all(peer, "registered-models/search?max_results=1000"),
    versions: await all(peer, "model-versions/search?max_results=1000"),
  };
}

async function historiesOf(peer: Peer, run: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const { info, data } = run;
  if (!isRecord(info) || !isRecord(data) || !Array.isArray(data["metrics"])) return [];
  const histories: unknown[] = [];
  for (const metric of data["metrics"]) {
    const query = new URLSearchParams({ run_id: String(info["run_id"]), metric_key: String(metric.key) });
    histories.push(await call(peer, `metrics/get-history?${query}`));
  }
  return histories;
}

/** Follows the page tokens of a search to its end: a POST with `body`, a GET without. */
async function all(peer: Peer, path: string, body?: object): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let token: unknown;
  do {
    const more = token === undefined || body !== undefined ? "" : `&page_token=${token}`;
    const answer = await call(peer, `${path}${more}`, body && { ...body, page_token: token });
    for (const list of Object.values(answer)) if (Array.isArray(list)) found.push(...list);
    token = answer["next_page_token"];
  } while (token !== undefined);
  return found;
}

async function call(peer: Peer, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await send(peer, {
    method: body === undefined ? "GET" : "POST",
    target: `/api/2.0/mlflow/${path}`,
    headers: {
      "content-type": "application/json",
      ...(peer.token === undefined ? {} : { authorization: `Bearer ${peer.token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = JSON.parse(response.text);
  if (response.status !== 200 || !isRecord(answer)) {
    throw new Error(`${path}: ${response.status} ${response.text}`);
  }
  return answer;
}
