"use strict";

const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { reporters, Runner } = require("mocha");
const { SECTIONS } = require("../contract/rows.ts");
const { documentProblem, judgeRun } = require("../contract/verdict.ts");

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Runner.constants;
const TABLE = "coverage/contract.md";

/**
 * Mocha's spec reporter, followed by what the run proves of the contract (see test/contract/) and one plain line:
 * `N passed, N failed, N skipped`. A row of the contract without its proof counts as a failure.
 */
module.exports = class ContractReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.tests = [];
    this.unproven = 0;
    const note = (state) => (test) => {
      // A failed hook comes as a failure too.
      if (test.type === "test") this.tests.push({ file: fileOf(test), title: test.fullTitle(), state });
    };
    runner.on(EVENT_TEST_PASS, note("passed"));
    runner.on(EVENT_TEST_FAIL, note("failed"));
    runner.on(EVENT_TEST_PENDING, note("pending"));
  }

  epilogue() {
    super.epilogue();
    if (isWhole(this.runner)) this.judge();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures + this.unproven} failed, ${pending} skipped\n`);
  }

  judge() {
    const { table, problems } = judgeRun(SECTIONS, this.tests);
    mkdirSync(path.dirname(TABLE), { recursive: true });
    writeFileSync(TABLE, table);
    const outdated = documentProblem(table);
    const all = [...problems, ...(outdated === undefined ? [] : [outdated])];
    this.unproven = all.length;
    const rows = SECTIONS.reduce((sum, section) => sum + section.rows.length, 0);
    process.stdout.write(`contract: ${rows - problems.length} of ${rows} rows proven, see ${TABLE}\n`);
    for (const problem of all) process.stdout.write(`  ${problem}\n`);
  }

  done(failures, end) {
    end?.(failures + this.unproven);
  }
};

/** False for a run of chosen files or tests, which proves less than the contract. */
function isWhole(runner) {
  const loaded = new Set();
  runner.suite.eachTest((test) => loaded.add(fileOf(test)));
  const wanted = SECTIONS.flatMap(({ rows }) => rows.map(({ test }) => test.file));
  return (
    runner.total === runner.suite.total() && wanted.every((file) => loaded.has(file) || !existsSync(file))
  );
}

function fileOf(test) {
  return path.relative(process.cwd(), test.file ?? "");
}
