import {
  ADDRESS,
  BOOLEAN,
  CLIENT,
  CLOUD,
  COUNT,
  DURATION,
  ENDPOINT,
  type FlagType,
  HTTP_PATH,
  HTTPS_URL,
  INTEGER,
  PORT,
  PROMETHEUS,
  SERVER_NAME,
  TENANT,
  TEXT,
} from "./flag-types.js";

export interface Flag<Value> {
  readonly type: FlagType<Value>;
  /** As somebody would write it. */
  readonly defaultText: string;
  readonly help: string;
  /** Every value counts, not the last alone. */
  readonly isRepeatable?: true;
}

export function flag<Value>(type: FlagType<Value>, defaultText: string, help: string): Flag<Value> {
  return { type, defaultText, help };
}

/** Every flag of the provider: the one table behind the parser, `--help` and docs/flags.md. */
export const FLAGS = {
  endpoint: flag(
    ENDPOINT,
    "unix:///tmp/azure.sock",
    "Where the driver reaches the provider: unix:// or tcp://.",
  ),
  "log-format-json": flag(
    BOOLEAN,
    "false",
    "Log as JSON: information to standard output, errors to standard error.",
  ),
  v: flag(INTEGER, "0", "Verbosity of the log: 0, or more for more; errors and warnings are always written."),
  version: flag(BOOLEAN, "false", "Print version and build date as one line of JSON, and end."),
  help: flag(BOOLEAN, "false", "Print these flags, and end."),
  "cloud-name": flag(CLOUD, "AzurePublicCloud", "Cloud of the classes that set no cloudName."),
  "default-tenant-id": flag(TENANT, "", "Tenant of the classes that set no tenantID."),
  "default-client-id": flag(
    CLIENT,
    "",
    "Workload identity: client of the classes that choose no identity, for pods that bring a token. See docs/identity.md.",
  ),
  "construct-pem-chain": flag(
    BOOLEAN,
    "true",
    "Order the certificates of a PFX from the leaf to the root; else the vault's order.",
  ),
  "write-cert-and-key-in-separate-files": flag(
    BOOLEAN,
    "false",
    "Write <file>.crt and <file>.key beside the file of a secret that backs a certificate.",
  ),
  "object-cache-ttl": flag(
    DURATION,
    "60s",
    "How old a value may be that a volume which is mounted already is refreshed with; 0s: ask the vault every time.",
  ),
  "vault-max-requests-per-second": flag(
    COUNT,
    "0",
    "Requests a second that one vault is sent at most; 0: no limit but the vault's own.",
  ),
  "serve-stale-during-outage": flag(
    DURATION,
    "0s",
    "How old a value may be that a starting pod gets while its vault is out of reach; 0s: none. See docs/security.md.",
  ),
  "custom-user-agent": flag(TEXT, "", "Put before the user agent of every request to Key Vault."),
  "token-proxy-url": flag(
    HTTPS_URL,
    "https://kubernetes.default.svc.cluster.local",
    "Identity binding (AKS: one identity for many service accounts): the cluster's token proxy, which exchanges pods' tokens.",
  ),
  "sni-name": flag(
    SERVER_NAME,
    "",
    "Identity binding: TLS server name of the token proxy; empty: made from the cluster's id.",
  ),
  "healthz-port": flag(PORT, "8989", "Port of the health checks over HTTP."),
  "healthz-bind-address": flag(
    ADDRESS,
    "",
    "Address that the health checks listen on. With the host's network, every pod of the node reaches all of them.",
  ),
  "healthz-path": flag(HTTP_PATH, "/healthz", "Path of the liveness check; /readyz stands beside it."),
  "healthz-timeout": flag(DURATION, "5s", "How long the health check waits for the provider's own socket."),
  "metrics-backend": flag(PROMETHEUS, "Prometheus", "Kind of the metrics."),
  "prometheus-port": flag(PORT, "8898", "Port of /metrics."),
  "metrics-bind-address": flag(ADDRESS, "", "Address that /metrics listens on."),
  "enable-pprof": flag(BOOLEAN, "false", "Serve CPU and heap sampling profiles on localhost."),
  "pprof-port": flag(PORT, "6060", "Port of the profiles."),
} as const;

/**
 * klog's flags, which existing manifests may pass: read and checked as klog does, and without effect here. This
 * provider logs to its standard streams only.
 * @see https://pkg.go.dev/k8s.io/klog/v2#InitFlags
 */
export const KLOG_FLAGS = {
  add_dir_header: flag(BOOLEAN, "false", "Without effect."),
  alsologtostderr: flag(BOOLEAN, "false", "Without effect."),
  legacy_stderr_threshold_behavior: flag(BOOLEAN, "true", "Without effect."),
  log_backtrace_at: flag(TEXT, "", "Without effect."),
  log_dir: flag(TEXT, "", "Without effect: nothing is written to disk."),
  log_file: flag(TEXT, "", "Without effect: nothing is written to disk."),
  log_file_max_size: flag(INTEGER, "1800", "Without effect."),
  logtostderr: flag(BOOLEAN, "true", "Without effect: the log always goes to the standard streams."),
  one_output: flag(BOOLEAN, "false", "Without effect."),
  skip_headers: flag(BOOLEAN, "false", "Without effect."),
  skip_log_headers: flag(BOOLEAN, "false", "Without effect."),
  stderrthreshold: flag(TEXT, "2", "Without effect."),
  vmodule: flag(TEXT, "", "Without effect: verbosity is set for the whole program by -v."),
} as const;

type Table = typeof FLAGS;

/** The value of every flag, by its name. */
export type FlagValues = {
  readonly [Name in keyof Table]: Table[Name] extends Flag<infer Value> ? Value : never;
};
