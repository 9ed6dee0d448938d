import type { Row } from "./row.ts";
import { aliases } from "./rows/aliases.ts";
import { artifacts } from "./rows/artifacts.ts";
import { batches } from "./rows/batches.ts";
import { errors } from "./rows/errors.ts";
import { experiments } from "./rows/experiments.ts";
import { limits } from "./rows/limits.ts";
import { loggedModels } from "./rows/logged-models.ts";
import { mangled } from "./rows/mangled.ts";
import { metrics } from "./rows/metrics.ts";
import { paramsAndTags } from "./rows/params-and-tags.ts";
import { probes } from "./rows/probes.ts";
import { registry } from "./rows/registry.ts";
import { runs } from "./rows/runs.ts";
import { searchExperiments } from "./rows/search-experiments.ts";
import { searchRegistry } from "./rows/search-registry.ts";
import { searchRuns } from "./rows/search-runs.ts";
import { sources } from "./rows/sources.ts";

/** Every row, by topic. */
export const table: readonly Row[] = [
  ...experiments,
  ...runs,
  ...paramsAndTags,
  ...metrics,
  ...mangled,
  ...batches,
  ...limits,
  ...artifacts,
  ...registry,
  ...aliases,
  ...sources,
  ...loggedModels,
  ...searchExperiments,
  ...searchRuns,
  ...searchRegistry,
  ...errors,
  ...probes,
];
