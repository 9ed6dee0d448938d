import { readFileSync } from "node:fs";

/**
 * Tests that may be skipped in CI, each with its reason. Everything else that is skipped counts as failed: a test that nobody
 * runs proves nothing.
 */
const allowedSkips: Readonly<Record<string, string>> = {};

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
  for (const suite of readReport(file).testResults) {
    // A file that could not even be loaded has no tests to count, and is a failure.
    if (suite.status === "failed" && suite.assertionResults.length === 0) {
      failed += 1;
      process.stdout.write(`not loaded: ${suite.name}\n`);
    }
    for (const test of suite.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") failed += 1;
      else if (allowedSkips[test.fullName] === undefined) {
        failed += 1;
        process.stdout.write(`skipped without leave: ${test.fullName} (${suite.name})\n`);
      } else process.stdout.write(`skipped: ${test.fullName}: ${allowedSkips[test.fullName]}\n`);
    }
  }
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
