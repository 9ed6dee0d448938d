import { type Fixture, post, type Step } from "./row.ts";

const needs: Record<Fixture, readonly Fixture[]> = {
  experiment: [],
  run: ["experiment"],
  model: [],
  version: ["run", "model"],
  "logged-model": ["run"],
};

const steps: Record<Fixture, readonly Step[]> = {
  /** Saves `experiment`. */
  experiment: [post("experiments/create", { name: "{{unique}}" }, { save: { experiment: "experiment_id" } })],
  /** Saves `run` and `artifactUri`. */
  run: [
    post(
      "runs/create",
      { experiment_id: "{{experiment}}", start_time: 1_700_000_000_000, run_name: "run of {{unique}}" },
      { save: { run: "run.info.run_id", artifactUri: "run.info.artifact_uri" } },
    ),
  ],
  /** The registered model is named `{{unique}}`. */
  model: [post("registered-models/create", { name: "{{unique}}" })],
  /** Version 1 of `{{unique}}`, from the run. */
  version: [
    post("model-versions/create", {
      name: "{{unique}}",
      source: "{{artifactUri}}/model",
      run_id: "{{run}}",
    }),
  ],
  /** Saves `loggedModel` and `loggedModelUri`. */
  "logged-model": [
    post(
      "logged-models",
      { experiment_id: "{{experiment}}", name: "model", source_run_id: "{{run}}" },
      { save: { loggedModel: "model.info.model_id", loggedModelUri: "model.info.artifact_uri" } },
    ),
  ],
};

/** The steps that make what a row wants to find, each fixture once, what it needs first. */
export function fixtureSteps(given: readonly Fixture[]): readonly Step[] {
  const ordered: Fixture[] = [];
  const add = (fixture: Fixture): void => {
    if (ordered.includes(fixture)) return;
    for (const needed of needs[fixture]) add(needed);
    ordered.push(fixture);
  };
  for (const fixture of given) add(fixture);
  return ordered.flatMap((fixture) => steps[fixture]);
}
