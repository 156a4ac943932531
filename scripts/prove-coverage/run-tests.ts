import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { run } from "./run.js";

export interface TestEnd {
  /** `did not run`: a hook before it failed, or its process ended, which proves nothing about the test itself. */
  readonly state: "passed" | "failed" | "did not run";
  /** First line of what a failed test or hook said. */
  readonly said: string;
}

/** The part of what Mocha's `json` reporter writes that is read here. */
interface Report {
  readonly passes: readonly ReportedTest[];
  readonly failures: readonly ReportedTest[];
}

interface ReportedTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

/**
 * Runs the tests of these full titles, and no others of their file, in a process of their own.
 * @returns title → how it ended
 */
export async function runTests(
  file: string,
  titles: ReadonlySet<string>,
  folder: string,
): Promise<ReadonlyMap<string, TestEnd>> {
  const reportFile = path.join(folder, "proof.json");
  const { output } = await run(
    [
      "node_modules/mocha/bin/mocha.js",
      "--no-config",
      "--import=tsx",
      "--timeout=20000",
      "--reporter=json",
      `--reporter-option=output=${reportFile}`,
      `--grep=^(?:${[...titles].map(escape).join("|")})$`,
      file,
    ],
    folder,
  );
  const report = await readReport(reportFile);
  const passed = new Set(report?.passes.map(({ fullTitle }) => fullTitle));
  const failed = new Map(report?.failures.map(({ fullTitle, err }) => [fullTitle, err.message ?? ""]));
  const [hook] = failed.values();
  const endOf = (title: string): TestEnd => {
    const message = failed.get(title);
    if (message !== undefined) return { state: "failed", said: firstLine(message) };
    if (passed.has(title)) return { state: "passed", said: "" };
    return { state: "did not run", said: firstLine(hook ?? output) };
  };
  return new Map([...titles].map((title) => [title, endOf(title)]));
}

async function readReport(file: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Report;
  } catch {
    return undefined; // It ended before its report.
  } finally {
    await rm(file, { force: true });
  }
}

function escape(title: string): string {
  return title.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function firstLine(text: string): string {
  return (text.trim().split("\n", 1)[0] ?? "").slice(0, 200);
}
