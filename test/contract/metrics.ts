import { row, type Row, type Section } from "./row.js";

const INTEGRATION = "integration/metrics";
const UNIT = "unit/telemetry/metrics";
const MADE = "telemetry/metrics createMetrics";
const METRICS = "telemetry/metrics";
const STATE = `${MADE} tells the state of the process and of the build`;
const SCOPE_INFO = "metrics show target_info and otel_scope_info, as OpenTelemetry's exporter does";

const HISTOGRAMS = [
  {
    name: "keyvault_request",
    test: [INTEGRATION, "metrics keyvault_request has type, name and error of each read and list"],
    own: [
      ["object_type", "object_type: objectType, object_name, error }"],
      ["object_name", "object_name, error }"],
      ["error", "object_name, error }"],
    ],
  },
  {
    name: "grpc_request",
    test: [UNIT, `${MADE} exposes grpc_request under the names, labels and buckets that dashboards read`],
    own: [
      ["grpc_method", "grpc_method: method,"],
      ["grpc_code", "grpc_code: code,"],
      ["grpc_message", "grpc_message: error }"],
    ],
  },
] as const;

/** Labels of every series of the two histograms, and the line that gives each its value. */
const SHARED: readonly [label: string, code: string][] = [
  ["provider", 'provider: "azure",'],
  ["os_type", "os_type: process.platform,"],
  ["service_name", "service_name: SERVICE_NAME,\n  otel_scope_name"],
  ["otel_scope_name", "otel_scope_name: SERVICE_NAME,\n  otel_scope_version"],
  ["otel_scope_version", 'otel_scope_version: "",\n  otel_scope_schema_url'],
  ["otel_scope_schema_url", 'otel_scope_schema_url: "",'],
];

/** Gives a label another value: `code` begins with `label: value`, or is `label` alone. */
function wrongValue(label: string, code: string): string {
  const isShorthand = !code.includes(`${label}:`);
  return isShorthand
    ? code.replace(label, `${label}: "wrong"`)
    : code.replace(new RegExp(`${label}: [\\w."]+`), `${label}: "wrong"`);
}

function histogramRows({ name, test, own }: (typeof HISTOGRAMS)[number]): Row[] {
  return [
    row(name, test, [METRICS, `name: "${name}",`, `name: "${name}_seconds",`]),
    ...[...own, ...SHARED].map(([label, code]) =>
      row(`${name}{${label}}`, test, [METRICS, code, wrongValue(label, code)]),
    ),
  ];
}

const state = (name: string, file: string, code: string, replacement: string): Row =>
  row(name, [UNIT, STATE], [file, code, replacement]);
const PROCESS = "telemetry/process-metrics";
const SHARING = "unit/telemetry/sharing-metrics";
const SHARED_MADE = `${MADE}, of what mounts share`;
const WAITS = "counts a vault's refusals, and shows what waits for it now and how long others have waited";
const shared = (name: string, title: string, code: string, replacement = ""): Row =>
  row(name, [SHARING, `${SHARED_MADE} ${title}`], [METRICS, code, replacement]);

/** Every metric of src/telemetry/, and every label of the two histograms. */
export const METRIC_ROWS: Section = {
  title: "Metrics",
  rows: [
    ...HISTOGRAMS.flatMap(histogramRows),
    row("target_info", [INTEGRATION, SCOPE_INFO], [METRICS, 'info("target_info",', 'info("no_target_info",']),
    row(
      "otel_scope_info",
      [INTEGRATION, SCOPE_INFO],
      [METRICS, 'info("otel_scope_info",', 'info("no_otel_scope_info",'],
    ),
    state("azure_provider_build_info", METRICS, "node_version: process.version,", 'node_version: "",'),
    state("azure_provider_unexpected_errors_total", METRICS, "unexpectedErrors.inc();", ""),
    state("azure_provider_mounts_in_flight", METRICS, "mountsInFlight.set(count);", ""),
    state("azure_provider_serving", METRICS, "serving.set(isServing ? 1 : 0);", ""),
    shared(
      "azure_provider_objects_served_total",
      "counts objects by vault and by where their values came from",
      "servedObjects.inc({ vault: vaults.value(vault), from });",
    ),
    shared(
      "azure_provider_sign_ins_total",
      "counts sign-ins by mode and outcome",
      "signIns.inc({ mode, outcome });",
    ),
    shared("azure_provider_vault_throttled_total", WAITS, "throttled.inc({ vault: vaults.value(vault) });"),
    shared(
      "azure_provider_throttle_wait_seconds",
      WAITS,
      "throttleWait.observe({ service: shown }, seconds);",
    ),
    shared(
      "azure_provider_throttle_queue",
      WAITS,
      "this.inc({ vault: label(vault) }, count);",
      "this.inc(count);",
    ),
    state("process_cpu_seconds_total", PROCESS, "this.inc((user + system) / 1e6);", ""),
    state("process_resident_memory_bytes", PROCESS, "process.memoryUsage.rss(),", "0,"),
    state("nodejs_heap_used_bytes", PROCESS, "() => process.memoryUsage().heapUsed,", "() => 0,"),
    state("process_start_time_seconds", PROCESS, "performance.timeOrigin / 1000;", "performance.timeOrigin;"),
    state("nodejs_eventloop_utilization", PROCESS, "return utilization;", "return 2;"),
  ],
};

export const METRIC_RULE_ROWS: Section = {
  title: "Rules of the metrics",
  rows: [
    row(
      "buckets 0.1 to 30 s",
      [INTEGRATION, "metrics grpc_request has method, code and message, in seconds, with the old buckets"],
      [METRICS, "[0.1, 0.2, 0.3,", "[0.1, 0.3,"],
    ),
    row(
      "in seconds",
      [UNIT, `${MADE} exposes grpc_request under the names, labels and buckets that dashboards read`],
      [
        METRICS,
        "grpc_code: code, grpc_message: error },\n        seconds,",
        "grpc_code: code, grpc_message: error },\n        seconds * 1000,",
      ],
    ),
    row(
      "Version calls count too",
      [
        INTEGRATION,
        "metrics grpc_request has Version calls and the exact code of failed mounts, with an error code as message",
      ],
      ["rpc/provider-server", "method: VERSION_METHOD,", 'method: "none",'],
    ),
    row(
      "grpc_code is exact",
      [
        INTEGRATION,
        "metrics grpc_request has Version calls and the exact code of failed mounts, with an error code as message",
      ],
      ["rpc/mount-calls", "const code = goStatusName(statusName);", 'const code = "Unknown";'],
    ),
    row(
      "object_name is bounded: 1,000 values, then other",
      [UNIT, `${MADE} bounds the series that names and errors can make`],
      [METRICS, "objectNames.value(objectName, `${objectType}/${error}`)", "objectName"],
    ),
    row(
      "vault is bounded: 100 values, then other",
      [SHARING, `${SHARED_MADE} shows a hundred vaults, and all others as one; sign-in always by its name`],
      [METRICS, "const MAX_VAULTS = 100;", "const MAX_VAULTS = 1_000;"],
    ),
    row(
      "error is one of our codes",
      [UNIT, `${MADE} exposes keyvault_request with the object and our error code`],
      [METRICS, "object_name, error }", 'object_name, error: "failed to get" }'],
    ),
  ],
};
