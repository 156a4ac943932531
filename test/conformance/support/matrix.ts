/** What a run ran on. */
export interface Environment {
  /** For example "local node"; a later run on the same replaces an earlier one. */
  readonly name: string;
  /** Of the run, as 2026-01-31. */
  readonly date: string;
  readonly kubernetes: string;
  readonly driver: string;
}

/** One test's result. */
export interface TestResult {
  readonly suite: string;
  readonly title: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly durationMs: number;
}

/** What the page says of one environment: a row of its first table. */
interface Run extends Environment {
  readonly passed: string;
  readonly failed: string;
  readonly skipped: string;
  readonly duration: string;
}

/** Cells by environment, of one test. */
interface Row {
  readonly suite: string;
  readonly title: string;
  readonly cells: ReadonlyMap<string, string>;
}

const RUN_FIELDS = [
  "name",
  "date",
  "kubernetes",
  "driver",
  "passed",
  "failed",
  "skipped",
  "duration",
] as const;
const NOT_RUN = "–";

/**
 * The page with this run's results in it. What other environments have shown stays; of this one only what this run has.
 * @param page - the page as it was, or an empty text
 */
export function mergeIntoPage(
  page: string,
  environment: Environment,
  results: readonly TestResult[],
  durationMs: number,
): string {
  const old = readPage(page);
  const count = (outcome: TestResult["outcome"]): string =>
    String(results.filter((result) => result.outcome === outcome).length);
  const run: Run = {
    ...environment,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    duration: shortTime(durationMs),
  };
  const runs = [...old.runs.filter(({ name }) => name !== run.name), run].toSorted((a, b) =>
    a.name.localeCompare(b.name),
  );
  return writePage(runs, mergeRows(old.rows, environment.name, results));
}

function mergeRows(old: readonly Row[], name: string, results: readonly TestResult[]): Row[] {
  const rows = new Map<string, { suite: string; title: string; cells: Map<string, string> }>();
  const keyOf = ({ suite, title }: Pick<Row, "suite" | "title">): string => `${suite}\n${title}`;
  for (const result of results) {
    const suite = cellText(result.suite);
    const title = cellText(result.title);
    rows.set(keyOf({ suite, title }), { suite, title, cells: new Map([[name, cellOf(result)]]) });
  }
  for (const { suite, title, cells } of old) {
    const others = [...cells].filter(([environment]) => environment !== name);
    const row = rows.get(keyOf({ suite, title })) ?? { suite, title, cells: new Map<string, string>() };
    for (const [environment, cell] of others) row.cells.set(environment, cell);
    if (row.cells.size > 0) rows.set(keyOf(row), row);
  }
  return [...rows.values()];
}

function cellOf({ outcome, durationMs }: TestResult): string {
  return outcome === "passed" ? shortTime(durationMs) : `**${outcome}**`;
}

/** 0.4 s, 42 s, 12 min 5 s. */
function shortTime(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A text that ends no cell. */
function cellText(text: string): string {
  return text.replaceAll("|", "/").replace(/\s+/g, " ").trim();
}

function writePage(runs: readonly Run[], rows: readonly Row[]): string {
  const suites = [...new Set(rows.map(({ suite }) => suite))];
  const names = runs.map(({ name }) => name);
  const tables = suites.map((suite) => {
    const own = rows.filter((row) => row.suite === suite);
    const columns = names.filter((name) => own.some(({ cells }) => cells.has(name)));
    return [
      `### ${suite}`,
      "",
      line(["Test", ...columns]),
      line(["---", ...columns.map(() => "---")]),
      ...own.map(({ title, cells }) => line([title, ...columns.map((name) => cells.get(name) ?? NOT_RUN)])),
    ].join("\n");
  });
  return `# Conformance

What the stock Secrets Store CSI Driver, a real API server and a real node have said about this provider. This page is
written by the suites themselves: the column "driver only" by \`CONFORMANCE_REPORT=1 npm run test:driver\` (the driver's own
program and an API server, with no node; see [test/driver](../test/driver/run.sh)), every other by
\`CONFORMANCE_REPORT=1 npm run test:conformance\` on a cluster (see [test/conformance](../test/conformance/README.md)). An
environment that is not in the table was not run. A time in a cell is that of a test that passed there.

## Where it ran

${line(["Environment", "Date", "Kubernetes", "Driver", "Passed", "Failed", "Skipped", "Duration"])}
${line(RUN_FIELDS.map(() => "---"))}
${runs.map((run) => line(RUN_FIELDS.map((field) => run[field]))).join("\n")}

## What ran

${tables.join("\n\n")}
`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function readPage(page: string): { runs: Run[]; rows: Row[] } {
  const runs: Run[] = [];
  const rows: Row[] = [];
  let heading = "";
  let columns: string[] | undefined;
  for (const text of page.split("\n")) {
    const title = /^#+ (.*)$/.exec(text)?.[1];
    if (title !== undefined) {
      heading = title;
      columns = undefined;
    }
    if (!text.startsWith("| ") || text.startsWith("| ---")) continue;
    const cells = text.slice(2, -2).split(" | ");
    if (columns === undefined) {
      columns = cells;
      continue;
    }
    if (heading === "Where it ran") {
      runs.push(Object.fromEntries(RUN_FIELDS.map((field, i) => [field, cells[i] ?? ""])) as unknown as Run);
    } else {
      const [title = "", ...values] = cells;
      const known = columns.slice(1).map((name, i) => [name, values[i] ?? NOT_RUN] as const);
      rows.push({ suite: heading, title, cells: new Map(known.filter(([, cell]) => cell !== NOT_RUN)) });
    }
  }
  return { runs, rows };
}
