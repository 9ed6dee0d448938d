import { readFileSync } from "node:fs";

/**
 * Tests that may be skipped in CI, each with its reason. Everything else that is skipped counts as failed: a test that nobody
 * runs proves nothing.
 */
const allowedSkips: readonly (readonly [RegExp, string])[] = [
  [/^Great Expectations' own cases /, "the cases are not beside this checkout"],
  [/^skips Great Expectations' cases/, "the cases are beside this checkout, and were run"],
  [
    /^random suites over random tables give/,
    "Great Expectations itself is installed by npm run test:full only",
  ],
  [
    /^what moto refuses says which credentials were refused/,
    "moto checks no signatures; versitygw does, in test:full",
  ],
  [/is said before anything is read$/, "a small disk cannot be mounted here"],
  [/^networks of TensorFlow /, "TensorFlow is installed by npm run test:full only"],
  [/^networks of PyTorch /, "PyTorch is installed by npm run test:full only"],
  [/^our pages in Chromium/, "no Chromium could be had here: npm test said why"],
  [/^paired intervals of 95 % hold /, "how often intervals hold is counted by npm run test:full only"],
  [/^the tools themselves /, "the other tools are installed by npm run test:full only"],
];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Reads Vitest's JSON report and prints the line that CI reads: `N passed, N failed`. */
function main(file: string): void {
  let passed = 0;
  let failed = 0;
  const skipped = new Map<string, number>();
  for (const suite of readReport(file).testResults) {
    // A file that could not even be loaded has no tests to count, and is a failure.
    if (suite.status === "failed" && suite.assertionResults.length === 0) {
      failed += 1;
      process.stdout.write(`not loaded: ${suite.name}\n`);
    }
    for (const test of suite.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") failed += 1;
      else {
        const reason = allowedSkips.find(([name]) => name.test(test.fullName))?.[1];
        if (reason === undefined) {
          failed += 1;
          process.stdout.write(`skipped without leave: ${test.fullName} (${suite.name})\n`);
        } else skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
    }
  }
  for (const [reason, count] of skipped) process.stdout.write(`${count} skipped: ${reason}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch (error) {
    // The run ended before the report was written: that is one failure, and no number of tests is known.
    process.stdout.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return {
      testResults: [{ name: "the test run itself", status: "failed", message: "", assertionResults: [] }],
    };
  }
}

main(process.argv[2] ?? ".cache/test-report.json");
