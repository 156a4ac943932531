"use strict";

const path = require("node:path");
const { reporters, Runner } = require("mocha");
const { describeEnvironment } = require("./environment.ts");
const { writeReport } = require("./report.ts");

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Runner.constants;

// A dry run shows no test as one that has passed.
const Shown = process.env.CONFORMANCE_SKIP === "1" ? reporters.Base : reporters.Spec;

/**
 * Mocha's spec reporter and one plain line: `N passed, N failed, N skipped`. With CONFORMANCE_SKIP=1 (no cluster, a dry
 * run) every test counts as skipped; with CONFORMANCE_REPORT=1 the run goes into docs/conformance.md.
 */
module.exports = class ConformanceReporter extends Shown {
  constructor(runner, options) {
    super(runner, options);
    this.results = [];
    const note = (outcome) => (test) => {
      // A failed hook comes as a failure too.
      if (test.type !== "test") return;
      const suite = suiteOf(test);
      this.results.push({ suite, title: test.title, outcome, durationMs: test.duration ?? 0 });
    };
    runner.on(EVENT_TEST_PASS, note("passed"));
    runner.on(EVENT_TEST_FAIL, note("failed"));
    runner.on(EVENT_TEST_PENDING, note("skipped"));
  }

  epilogue() {
    const { passes, failures, pending, duration } = this.stats;
    if (process.env.CONFORMANCE_SKIP === "1") {
      process.stdout.write(`0 passed, 0 failed, ${this.runner.total} skipped\n`);
      return;
    }
    super.epilogue();
    if (process.env.CONFORMANCE_REPORT === "1") {
      writeReport(describeEnvironment(), this.results, duration ?? 0);
    }
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};

/** The suite that a test is listed under: its file's first title. */
function suiteOf(test) {
  let suite = test.parent;
  while (suite.parent !== undefined && !suite.parent.root) suite = suite.parent;
  return suite.title || path.basename(test.file ?? "");
}
