import { existsSync, readFileSync } from "node:fs";
import type { ProvingTest, Row, Section } from "./row.js";
import { coverageTable } from "./table.js";

const DOCUMENT = "docs/coverage.md";

/** One test of a run. */
export interface RanTest extends ProvingTest {
  readonly state: "passed" | "failed" | "pending";
}

export interface Verdict {
  /** docs/coverage.md as this run makes it. */
  readonly table: string;
  /** One line for each row that has no proof. */
  readonly problems: readonly string[];
}

/** Holds the rows of the contract against the tests of a whole run. */
export function judgeRun(sections: readonly Section[], tests: readonly RanTest[]): Verdict {
  const byName = new Map<string, RanTest[]>();
  for (const test of tests) byName.set(keyOf(test), [...(byName.get(keyOf(test)) ?? []), test]);
  const problemOf = ({ name, test }: Row): string | undefined => {
    const found = byName.get(keyOf(test)) ?? [];
    if (found.length === 1 && found[0]?.state === "passed") return undefined;
    const state = found.length > 1 ? "is the title of several tests" : (found[0]?.state ?? "does not exist");
    return `"${name}" is not proven: the test "${test.title}" of ${test.file} ${state}`;
  };
  return {
    table: coverageTable(sections, (row) => problemOf(row) === undefined),
    problems: sections.flatMap(({ rows }) => rows.flatMap((row) => problemOf(row) ?? [])),
  };
}

/** What is wrong with docs/coverage.md, or nothing. */
export function documentProblem(table: string): string | undefined {
  const isCurrent = existsSync(DOCUMENT) && readFileSync(DOCUMENT, "utf8") === table;
  return isCurrent ? undefined : `${DOCUMENT} is not what this run proves; write it with: npm run docs`;
}

function keyOf({ file, title }: ProvingTest): string {
  return `${file}\n${title}`;
}
