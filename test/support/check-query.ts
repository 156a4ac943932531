import { ERROR_CODES, type ErrorCode } from "../../src/errors/codes.js";
import { MOUNT_METHOD } from "../../src/rpc/mount-calls.js";
import { goStatusName } from "../../src/rpc/status.js";
import { TARGET_LABELS } from "./exported-metrics.js";
import { isMatched, parsePromql } from "./promql.js";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const STATUSES = CODES.map((code) => goStatusName(ERROR_CODES[code].status));

/** Labels whose values are words of this program. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  grpc_message: ["", ...CODES],
  error: ["", ...CODES],
  grpc_code: ["OK", ...STATUSES],
  grpc_method: [MOUNT_METHOD, "/v1alpha1.CSIDriverProvider/Version"],
  provider: ["azure"],
  from: ["vault", "shared", "cache", "stale"],
  outcome: ["accepted", "joined", "remembered", "failed", "paused"],
};

/**
 * What is wrong with a query: a metric that is not exported, a label that the metric does not have, a value that the
 * label never has.
 * @param exported - name of a series → its labels
 */
export function queryProblems(
  expression: string,
  exported: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const { selectors, groupings } = parsePromql(expression);
  const problems: string[] = [];
  const checkLabel = (metric: string, label: string): void => {
    if (!TARGET_LABELS.includes(label) && exported.get(metric)?.has(label) !== true)
      problems.push(`${metric} has no label ${label}`);
  };
  for (const { metric, matchers } of selectors) {
    // The one series that Prometheus makes itself.
    if (metric !== "up" && !exported.has(metric)) problems.push(`${metric} is not exported`);
    for (const matcher of matchers) {
      checkLabel(metric, matcher.label);
      for (const value of alternatives(matcher)) {
        const known = VALUES[matcher.label];
        const positive = { ...matcher, op: "=~", value } as const;
        if (known !== undefined && !known.some((candidate) => isMatched(positive, candidate)))
          problems.push(`${metric} never has ${matcher.label}="${value}"`);
      }
    }
  }
  for (const { labels, metrics } of groupings) {
    for (const label of labels) for (const metric of metrics) checkLabel(metric, label);
  }
  return problems;
}

/** Labels that a query's result has: those of its aggregation, else those of its series. */
export function resultLabels(
  expression: string,
  exported: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const { selectors, groupings } = parsePromql(expression);
  const [outermost] = groupings;
  if (outermost !== undefined) return new Set(outermost.labels);
  const own = selectors.flatMap(({ metric }) => [...(exported.get(metric) ?? [])]);
  return new Set([...TARGET_LABELS, ...own]);
}

function alternatives({ op, value }: { readonly op: string; readonly value: string }): string[] {
  return op.includes("~") ? value.split("|") : [value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")];
}
