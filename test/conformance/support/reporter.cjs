"use strict";

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
      // A failed hook comes as a failure too: a row of its own, in the place of the tests that did not run.
      const [suite, ...titles] = test.titlePath();
      this.results.push({ suite, title: titles.join(": "), outcome, durationMs: test.duration ?? 0 });
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
    if (process.env.CONFORMANCE_REPORT === "1") this.report(duration ?? 0);
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }

  /** Only of a whole run: what was left out would look like what is no longer there. */
  report(durationMs) {
    if (this.runner.total === this.runner.suite.total()) {
      writeReport(describeEnvironment(), this.results, durationMs);
    } else {
      process.stdout.write("docs/conformance.md is left as it was: not every test was run\n");
    }
  }
};
