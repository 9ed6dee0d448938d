#!/usr/bin/env node
// Old Node versions must be able to read this file up to the check: nothing newer than ES2015 above it.
var minimumMajor = 24;
if (Number(process.versions.node.split(".")[0]) < minimumMajor) {
  process.stderr.write(
    "mlops needs Node " +
      minimumMajor +
      " or newer, this is " +
      process.versions.node +
      " (" +
      process.execPath +
      ").\n",
  );
  process.exitCode = 2;
} else {
  import("./start.js");
}
