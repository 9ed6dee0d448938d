/** One command of the demo, as a user would type it in the project's folder. */
export interface Step {
  readonly command: string;
  /** 3 is the gate's no. */
  readonly exitCode: 0 | 3;
  /** It leaves the user's server running. */
  readonly serves?: true;
}

export interface Chapter {
  readonly title: string;
  readonly steps: readonly Step[];
}

const evaluate: Step = { command: "mlops evaluate", exitCode: 0 };

/** The story of the demo: a first model into service, a better one after it, and a worse one that is kept out. */
export const chapters: readonly Chapter[] = [
  {
    title: "A first model, from a CSV file to an HTTP endpoint",
    steps: [
      { command: "mlops validate", exitCode: 0 },
      { command: "mlops train --run-name first", exitCode: 0 },
      evaluate,
      { command: "mlops gate", exitCode: 0 },
      { command: "mlops register", exitCode: 0 },
      { command: "mlops deploy --model-version 1", exitCode: 0, serves: true },
      { command: "mlops promote --model-version 1", exitCode: 0 },
      {
        command:
          'mlops notify --target stdout --from gate.json --from deployment.json --message "mortality version 1 is the champion"',
        exitCode: 0,
      },
    ],
  },
  {
    title: "A second training, gated against version 1 (the alias champion)",
    steps: [
      {
        command:
          "mlops train --run-name less-regularised -- python train.py --data-path data/train.csv --output-dir model --C 1",
        exitCode: 0,
      },
      evaluate,
      { command: "mlops gate", exitCode: 0 },
      { command: "mlops register", exitCode: 0 },
      { command: "mlops deploy --model-version 2", exitCode: 0, serves: true },
      { command: "mlops promote --model-version 2", exitCode: 0 },
    ],
  },
  {
    title:
      "A bad model: it only looks at the age. Its AUC is above the floor, but it is worse than the champion",
    steps: [
      {
        command:
          "mlops train --run-name age-only -- python train.py --data-path data/train.csv --output-dir model --features age",
        exitCode: 0,
      },
      evaluate,
      { command: "mlops gate", exitCode: 3 },
    ],
  },
];

/** Ends what the demo started, also after a failure. */
export const farewell: Step = { command: "mlops deploy --stop", exitCode: 0 };
