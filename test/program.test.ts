import { describe, expect, it } from "vitest";
import { type CommandInput, defineCommand } from "../src/command.ts";
import { parseCommandLine } from "../src/program.ts";
import { testContext } from "./support/context.ts";

const run = async (_input: CommandInput<unknown, unknown>) => ({ exitCode: 0, json: {}, text: "" }) as const;
const train = defineCommand({
  name: "train",
  summary: "run a training program",
  examples: ["mlops train -- python train.py"],
  flags: { runName: { kind: "string", value: "NAME", summary: "name of the run" } },
  operands: { name: "command", summary: "the program" },
  run,
});
const gate = defineCommand({
  name: "gate",
  summary: "decide",
  examples: ["mlops gate --min-auc 0.8"],
  flags: {
    minAuc: { kind: "number", summary: "lower limit" },
    subgroup: { kind: "list", summary: "column" },
    higherIsBetter: { kind: "boolean", takesBoolean: true, summary: "direction" },
  },
  run,
});
const serve = defineCommand({
  name: "store serve",
  summary: "serve",
  examples: ["mlops store serve"],
  flags: {},
  run,
});
const commands = [train, gate, serve];

async function parse(...argv: string[]) {
  const context = testContext({ cwd: "/" });
  const invocation = await parseCommandLine(argv, commands, {
    stdout: context.stdout,
    stderr: context.stderr,
    version: "9.9.9",
  });
  return { invocation, ...context.printed() };
}

describe("parseCommandLine", () => {
  it("hands everything behind -- to the command as it is", async () => {
    const { invocation } = await parse(
      "train",
      "--run-name",
      "r1",
      "--",
      "python",
      "train.py",
      "--json",
      "-v",
      "--run-name",
      "x",
    );
    expect(invocation?.operands).toEqual(["python", "train.py", "--json", "-v", "--run-name", "x"]);
    expect(invocation?.typed).toMatchObject({ runName: "r1" });
    expect(invocation?.typed["json"]).toBeUndefined();
  });

  it("collects repeatable flags and keeps texts unparsed", async () => {
    const { invocation } = await parse("gate", "--subgroup", "sex", "--subgroup", "race", "--min-auc", "0.8");
    expect(invocation?.typed).toMatchObject({ subgroup: ["sex", "race"], minAuc: "0.8" });
  });

  it.each([
    [["--higher-is-better"], true],
    [["--higher-is-better", "false"], "false"],
    [["--higher-is-better=true"], "true"],
    [["--no-higher-is-better"], false],
  ])("takes a switch as %j", async (argv, value) => {
    expect((await parse("gate", ...argv)).invocation?.typed["higherIsBetter"]).toBe(value);
  });

  it("takes the common flags before the command too", async () => {
    const { invocation } = await parse(
      "--json",
      "-q",
      "--config",
      "other.yaml",
      "store",
      "serve",
      "--verbose",
    );
    expect(invocation?.command.name).toBe("store serve");
    expect(invocation?.typed).toMatchObject({ json: true, quiet: true, config: "other.yaml", verbose: true });
  });

  it("finds a subcommand of a group", async () => {
    expect((await parse("store", "serve")).invocation?.command.name).toBe("store serve");
  });

  it.each([
    [["gat"], /unknown command 'gat'/, /Did you mean gate\?.*mlops --help/],
    [["gate", "--min-acu", "1"], /unknown option '--min-acu'/, /Did you mean --min-auc\?.*mlops gate --help/],
    [["gate", "extra"], /too many arguments/, /mlops gate --help/],
    [["gate", "--min-auc"], /argument missing/, /mlops gate --help/],
    [["store"], /a subcommand is missing/, /mlops store --help/],
  ])("refuses %j and says what to do", async (argv, message, hint) => {
    await expect(parse(...argv)).rejects.toMatchObject({
      kind: "usage",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("prints help with every flag and the examples, and starts nothing", async () => {
    const { invocation, stdout } = await parse("gate", "--help");
    expect(invocation).toBeUndefined();
    for (const part of [
      "--min-auc",
      "--subgroup",
      "--json",
      "--dry-run",
      "--dotenv",
      "mlops gate --min-auc 0.8",
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it("prints help without arguments, and the version", async () => {
    expect((await parse()).stdout).toContain("run a training program");
    expect((await parse("--version")).stdout).toBe("9.9.9\n");
  });
});
