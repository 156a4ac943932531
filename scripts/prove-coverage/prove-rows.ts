import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Mutation, ProvingTest, Row } from "../../test/contract/row.js";
import { run } from "./run.js";
import { runTests, type TestEnd } from "./run-tests.js";

export interface Proof {
  readonly row: Row;
  readonly isProven: boolean;
  /** What the test said as it failed, or why nothing is proven. */
  readonly said: string;
}

/**
 * Runs each row's test with the feature and without it, in a copy of the project. With all features, tests of one file
 * run together; without one, each runs alone.
 * @param folder - the copy, whose sources are as they were in the end
 */
export async function* proveRows(rows: readonly Row[], folder: string): AsyncGenerator<Proof> {
  await build(folder);
  const before = new Map<Row, TestEnd>();
  for (const [file, ofFile] of groupByFile(rows)) {
    const ends = await runTests(file, new Set(ofFile.map(({ test }) => test.title)), folder);
    for (const row of ofFile) before.set(row, ends.get(row.test.title) ?? MISSING);
  }
  for (const row of rows) {
    const { state, said } = before.get(row) ?? MISSING;
    if (state !== "passed") yield { row, isProven: false, said: `with the feature, it ${state}: ${said}` };
    else yield { row, ...(await withoutFeature(row, folder)) };
  }
}

const MISSING: TestEnd = { state: "did not run", said: "no test has this title" };

async function withoutFeature({ test, mutation }: Row, folder: string): Promise<Omit<Proof, "row">> {
  const restore = await apply(mutation, folder);
  try {
    if (runsTheBundle(test)) await build(folder);
    const ends = await runTests(test.file, new Set([test.title]), folder);
    const { state, said } = ends.get(test.title) ?? MISSING;
    return state === "failed"
      ? { isProven: true, said }
      : { isProven: false, said: `without the feature, it ${state}: ${said}` };
  } finally {
    await restore();
  }
}

/** Unit tests run the sources. */
function runsTheBundle({ file }: ProvingTest): boolean {
  return !file.startsWith("test/unit/") || file.startsWith("test/unit/app/");
}

/** @returns puts everything back */
async function apply({ file, code, replacement }: Mutation, folder: string): Promise<() => Promise<void>> {
  const target = path.join(folder, file);
  const source = await readFile(target, "utf8");
  const parts = source.split(code);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${code}`);
  await writeFile(target, parts.join(replacement));
  return () => writeFile(target, source);
}

/** @throws when it cannot be built, which proves nothing */
async function build(folder: string): Promise<void> {
  const { code, output } = await run(["--import=tsx", "scripts/build.ts"], folder);
  if (code !== 0) throw new Error(`the copy cannot be built:\n${output}`);
}

function groupByFile(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.test.file, [...(groups.get(row.test.file) ?? []), row]);
  return groups;
}
