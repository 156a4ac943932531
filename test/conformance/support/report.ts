import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mergeIntoPage } from "./matrix.js";
import type { Environment, TestResult } from "./matrix.js";

const PAGE = "docs/conformance.md";

/** Puts a run's results into docs/conformance.md, beside what other environments have shown. */
export function writeReport(
  environment: Environment,
  results: readonly TestResult[],
  durationMs: number,
): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, mergeIntoPage(page, environment, results, durationMs));
}
