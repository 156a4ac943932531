import type { PipelineResponse } from "@azure/core-rest-pipeline";

/** What the answer asks to wait: milliseconds, seconds or an HTTP date; undefined when it asks nothing sensible. */
export function retryAfterMs(
  { headers }: Pick<PipelineResponse, "headers">,
  now: () => number,
): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const value = headers.get(name)?.trim() ?? "";
    if (/^\d{1,9}$/.test(value)) return Number(value);
  }
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - now());
}
