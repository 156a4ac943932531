"use strict";

const { reporters } = require("mocha");

/** Mocha's spec reporter, followed by one plain line: `N passed, N failed, N skipped`. */
module.exports = class PlainTotals extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};
