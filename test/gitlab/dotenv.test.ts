import { describe, expect, it } from "vitest";
import { formatDotenv } from "../../src/gitlab/dotenv.ts";

describe("formatDotenv", () => {
  it("writes one line a value, without blank lines, quotes or comments", () => {
    expect(formatDotenv({ MODEL_NAME: "mortality", MODEL_VERSION: "3" })).toBe(
      "MODEL_NAME=mortality\nMODEL_VERSION=3\n",
    );
  });

  it("doubles a dollar sign, which GitLab would expand", () => {
    expect(formatDotenv({ A: "cost $5" })).toBe("A=cost $$5\n");
  });

  it("keeps an equals sign in a value: GitLab splits at the first one", () => {
    expect(formatDotenv({ A: "b=c" })).toBe("A=b=c\n");
  });

  it("refuses everything that GitLab would refuse or change, all in one error", () => {
    expect(() => formatDotenv({ "A-B": "x", C: "two\nlines", D: " padded" })).toThrow(
      /"A-B".*C has more than one line.*D begins or ends/s,
    );
  });

  it("refuses more than 20 values and 5 KiB", () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`K${index}`, "v"]));
    expect(() => formatDotenv(many)).toThrow(/21 values, GitLab takes 20/);
    expect(() => formatDotenv({ A: "x".repeat(5118) })).toThrow(/5121 bytes, GitLab takes less than 5120/);
    expect(formatDotenv({ A: "x".repeat(5116) })).toHaveLength(5119);
  });
});
