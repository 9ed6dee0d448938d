import type { BinaryOptions } from "../../metrics/binary/binary-input.ts";
import type { EvaluateOptions } from "./flags.ts";

/** What a binary task is measured with beside the fixed metrics, and what is wrong with how it was written. */
export function binaryOptions(flags: EvaluateOptions): {
  readonly options: BinaryOptions;
  readonly problems: readonly string[];
} {
  const { minPrecision, minRecall, cost, task } = flags;
  const given = [
    ["--min-precision", minPrecision],
    ["--min-recall", minRecall],
    ["--cost", cost],
  ] as const;
  const idle = given.filter(([, list]) => list.length > 0 && task !== undefined && task !== "binary");
  const shares = [
    ...minPrecision.map((text) => ["--min-precision", text] as const),
    ...minRecall.map((text) => ["--min-recall", text] as const),
  ];
  const wrong = shares.filter(([, text]) => shareOf(text) === undefined);
  const costs = cost.map((text) => ({ text, pair: costOf(text) }));
  return {
    options: {
      minPrecisions: minPrecision.flatMap((text) => shareOf(text) ?? []),
      minRecalls: minRecall.flatMap((text) => shareOf(text) ?? []),
      costs: costs.flatMap(({ pair }) => pair ?? []),
    },
    problems: [
      ...idle.map(([flag]) => `${flag} and --task ${task} exclude each other.`),
      ...wrong.map(
        ([flag, text]) => `${flag} is ${JSON.stringify(text)}, expected a share such as 0.9 or 90%.`,
      ),
      ...costs
        .filter(({ pair }) => pair === undefined)
        .map(
          ({ text }) =>
            `--cost is ${JSON.stringify(text)}, expected the costs of a false alarm and of a miss, such as 1:5.`,
        ),
    ],
  };
}

/** In (0, 1]. */
function shareOf(text: string): number | undefined {
  const [, digits = "", percent] = /^\s*([0-9.]+)\s*(%)?\s*$/.exec(text) ?? [];
  const share = digits === "" ? Number.NaN : Number(digits) / (percent === undefined ? 1 : 100);
  return share > 0 && share <= 1 ? share : undefined;
}

function costOf(
  text: string,
): { readonly falsePositive: number; readonly falseNegative: number } | undefined {
  const [first, second, ...others] = text
    .split(":")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (first === undefined || second === undefined || others.length > 0) return undefined;
  return Number.isFinite(first) && Number.isFinite(second)
    ? { falsePositive: first, falseNegative: second }
    : undefined;
}
