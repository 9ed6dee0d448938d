import findMyWay from "find-my-way";
import { artifactRoutes } from "./artifacts-api.ts";
import type { Route } from "./call.ts";
import { experimentRoutes } from "./experiments-api.ts";
import { lineageRoutes } from "./lineage-api.ts";
import { loggedModelRoutes } from "./logged-models-api.ts";
import { loggingRoutes } from "./logging-api.ts";
import { modelVersionRoutes } from "./model-versions-api.ts";
import { registeredModelRoutes } from "./registered-models-api.ts";
import { runRoutes } from "./runs-api.ts";

const routes: readonly Route[] = [
  ...experimentRoutes,
  ...runRoutes,
  ...loggingRoutes,
  ...lineageRoutes,
  ...loggedModelRoutes,
  ...registeredModelRoutes,
  ...modelVersionRoutes,
  ...artifactRoutes,
];

interface FoundRoute {
  readonly handle: Route["handle"];
  readonly params: Readonly<Record<string, string>>;
}

export type RouteFinder = (method: string, path: string) => FoundRoute | undefined;

/** Every JSON route under `/api` and under its twin `/ajax-api`. */
export function makeRouteFinder(): RouteFinder {
  const router = findMyWay({ caseSensitive: true, maxParamLength: 10_000 });
  for (const route of routes) {
    for (const prefix of ["/api", "/ajax-api"]) {
      const noHandler = () => undefined;
      router.on(route.method, `${prefix}/${route.version ?? "2.0"}${route.path}`, noHandler, route);
    }
  }
  const byStore = new Map<unknown, Route>(routes.map((route) => [route, route]));
  return (method, path) => {
    const found = isMethod(method) ? router.find(method, path) : null;
    const route = found === null ? undefined : byStore.get(found.store);
    if (found === null || route === undefined) return undefined;
    return { handle: route.handle, params: textParams(found.params) };
  };
}

function isMethod(method: string): method is Route["method"] {
  return ["GET", "POST", "PATCH", "DELETE"].includes(method);
}

function textParams(params: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? ""]));
}
