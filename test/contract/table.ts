import type { Row, Section } from "./row.js";

/**
 * docs/coverage.md: one table for each section, one line for each row.
 * @param isProven - whether the row's test ran and passed; if not, the cell stays empty
 */
export function coverageTable(sections: readonly Section[], isProven: (row: Row) => boolean): string {
  const count = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  return [
    "# What proves the contract",
    "",
    `The ${count} promises that existing installations rely on, each with the test that proves it and the source file that`,
    "keeps it. `npm test` makes this table from the tests that ran and passed, and fails when a cell is empty or this page",
    "is out of date; `npm run docs` writes it.",
    "",
    "A row counts only if its test fails once the feature is taken out: test/contract/ says for each row what to take out,",
    "and `npm run prove-coverage -- --rows 10 --seed 1` does so for ten rows drawn at random.",
    ...sections.flatMap(({ title, rows }) => [
      "",
      `## ${title}`,
      "",
      "| Promise | Test that proves it | Fails without |",
      "|---|---|---|",
      ...rows.map(
        (row) => `| ${code(row.name)} | ${isProven(row) ? proof(row) : ""} | ${code(row.mutation.file)} |`,
      ),
    ]),
    "",
  ].join("\n");
}

function proof({ test }: Row): string {
  return `${code(test.title)} in [${test.file}](../${test.file})`;
}

/** A code span of Markdown inside of a table's cell. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replaceAll("|", "\\|")}${space}${fence}`;
}
