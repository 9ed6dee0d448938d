import type { Row } from "./row.ts";
import { aliases } from "./rows/aliases.ts";
import { artifacts } from "./rows/artifacts.ts";
import { artifactsRead } from "./rows/artifacts-read.ts";
import { batches } from "./rows/batches.ts";
import { errors } from "./rows/errors.ts";
import { experiments } from "./rows/experiments.ts";
import { experimentsCreate } from "./rows/experiments-create.ts";
import { inputs } from "./rows/inputs.ts";
import { limits } from "./rows/limits.ts";
import { loggedModelUpdates } from "./rows/logged-model-updates.ts";
import { loggedModels } from "./rows/logged-models.ts";
import { mangled } from "./rows/mangled.ts";
import { metrics } from "./rows/metrics.ts";
import { paramsAndTags } from "./rows/params-and-tags.ts";
import { probes } from "./rows/probes.ts";
import { registry } from "./rows/registry.ts";
import { runUpdates } from "./rows/run-updates.ts";
import { runs } from "./rows/runs.ts";
import { searchExperiments } from "./rows/search-experiments.ts";
import { searchLoggedModels } from "./rows/search-logged-models.ts";
import { searchRegistry } from "./rows/search-registry.ts";
import { searchRuns } from "./rows/search-runs.ts";
import { searchRunsOrder } from "./rows/search-runs-order.ts";
import { sources } from "./rows/sources.ts";
import { versions } from "./rows/versions.ts";

/** Every row, by topic. */
export const table: readonly Row[] = [
  ...experiments,
  ...experimentsCreate,
  ...runs,
  ...runUpdates,
  ...paramsAndTags,
  ...inputs,
  ...metrics,
  ...mangled,
  ...batches,
  ...limits,
  ...artifacts,
  ...artifactsRead,
  ...registry,
  ...versions,
  ...aliases,
  ...sources,
  ...loggedModels,
  ...loggedModelUpdates,
  ...searchLoggedModels,
  ...searchExperiments,
  ...searchRuns,
  ...searchRunsOrder,
  ...searchRegistry,
  ...errors,
  ...probes,
];
