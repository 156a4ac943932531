/** One moment of one rule: what Prometheus had scraped until then, a value each minute, and what is to fire. */
export interface AlertCase {
  readonly alert: string;
  readonly when: string;
  /** Series → values, as promtool writes them. */
  readonly series: Readonly<Record<string, string>>;
  /** As Prometheus writes a duration. */
  readonly at: string;
  /** Undefined: nothing fires. */
  readonly fires?: { readonly summary: string; readonly labels: Readonly<Record<string, string>> };
}

const JOB = { job: "csi-secrets-store-provider-azure" };
const NODE = { ...JOB, instance: "10.0.0.4:8898", node: "node-1" };
const OTHERS = { job: "node-exporter", instance: "10.0.0.4:9100", node: "node-1" };
const AZURE = { provider: "azure", ...NODE };
const VAULT = "contoso.vault.azure.net";

function series(name: string, labels: Readonly<Record<string, string>> = NODE): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

function mounts(grpc_code: string, grpc_message = "", more: Readonly<Record<string, string>> = {}): string {
  const grpc_method = "/v1alpha1.CSIDriverProvider/Mount";
  return series("grpc_request_count", { ...AZURE, grpc_method, grpc_code, grpc_message, ...more });
}

function reads(error: string): string {
  return series("keyvault_request_count", { ...AZURE, object_type: "secret", object_name: "db", error });
}

/** Ten a minute, each longer than one bound and no longer than the next. */
function tenBetween(
  name: string,
  labels: Readonly<Record<string, string>>,
  over: string,
  upTo: string,
): AlertCase["series"] {
  const bucket = (le: string): string => series(`${name}_bucket`, { ...AZURE, ...labels, le });
  return { [bucket(over)]: "0x60", [bucket(upTo)]: "0+10x60", [bucket("+Inf")]: "0+10x60" };
}

/** As the kubelet tries again when it has slowed down. */
function everyTwoMinutes(): string {
  return Array.from({ length: 60 }, (_none, minute) => Math.floor(minute / 2)).join(" ");
}

const MOUNTED = { grpc_method: "/v1alpha1.CSIDriverProvider/Mount", grpc_code: "OK", grpc_message: "" };
const READ = { object_type: "secret", object_name: "db", error: "" };

export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: "AzureProviderAbsent",
    when: "nothing of a provider is scraped",
    series: { [series("up", OTHERS)]: "1x30" },
    at: "20m",
    fires: { summary: "No Azure provider is scraped", labels: {} },
  },
  {
    alert: "AzureProviderAbsent",
    when: "one node's provider is scraped",
    series: { [series("azure_provider_build_info", { ...NODE, version: "1.0.0" })]: "1x30" },
    at: "20m",
  },
  {
    alert: "AzureProviderDown",
    when: "a provider has not answered for five minutes",
    series: { [series("up")]: "1 1 0x10" },
    at: "8m",
    fires: { summary: "The Azure provider 10.0.0.4:8898 does not answer", labels: NODE },
  },
  {
    alert: "AzureProviderDown",
    when: "the job is named as the operator names it",
    series: { [series("up", { ...NODE, job: "kube-system/my-csi-secrets-store-provider-azure" })]: "0x10" },
    at: "8m",
    fires: {
      summary: "The Azure provider 10.0.0.4:8898 does not answer",
      labels: { ...NODE, job: "kube-system/my-csi-secrets-store-provider-azure" },
    },
  },
  {
    alert: "AzureProviderDown",
    when: "something else is down",
    series: { [series("up")]: "1x10", [series("up", OTHERS)]: "0x10" },
    at: "8m",
  },
  {
    alert: "AzureProviderNotServing",
    when: "the socket has been another's for five minutes",
    series: { [series("azure_provider_serving")]: "1 0x10" },
    at: "7m",
    fires: { summary: "The Azure provider 10.0.0.4:8898 does not hold its socket", labels: NODE },
  },
  {
    alert: "AzureProviderNotServing",
    when: "it waited for the version before to end",
    series: { [series("azure_provider_serving")]: "0 0 0 1x10" },
    at: "7m",
  },
  {
    alert: "AzureProviderRestarts",
    when: "it started three times",
    series: { [series("process_start_time_seconds")]: "100x4 400x4 700x4 1000x10" },
    at: "22m",
    fires: { summary: "The Azure provider 10.0.0.4:8898 restarted 3 times in half an hour", labels: NODE },
  },
  {
    alert: "AzureProviderRestarts",
    when: "it started twice, as in an update and a node's restart, and something else often",
    series: {
      [series("process_start_time_seconds")]: "100x4 400x4 700x20",
      [series("process_start_time_seconds", OTHERS)]: "100x4 400x4 700x4 1000x10",
    },
    at: "22m",
  },
  {
    alert: "AzureProviderVersionsDiffer",
    when: "two versions ran for more than six hours",
    series: {
      [series("azure_provider_build_info", { ...NODE, version: "1.0.0" })]: "1x400",
      [series("azure_provider_build_info", { ...NODE, node: "node-2", version: "1.1.0" })]: "1x400",
    },
    at: "6h5m",
    fires: { summary: "2 versions of the Azure provider run side by side", labels: {} },
  },
  {
    alert: "AzureProviderVersionsDiffer",
    when: "an update took an hour",
    series: {
      [series("azure_provider_build_info", { ...NODE, version: "1.0.0" })]: "1x60 stale",
      [series("azure_provider_build_info", { ...NODE, node: "node-2", version: "1.1.0" })]: "1x400",
    },
    at: "6h5m",
  },
  {
    alert: "AzureProviderBug",
    when: "an unforeseen error was counted",
    series: { [series("azure_provider_unexpected_errors_total")]: "0x5 1x20" },
    at: "10m",
    fires: { summary: "The Azure provider 10.0.0.4:8898 met an error that it did not foresee", labels: NODE },
  },
  {
    alert: "AzureProviderBug",
    when: "the last one is more than an hour ago",
    series: { [series("azure_provider_unexpected_errors_total")]: "0 1x100" },
    at: "90m",
  },
  {
    alert: "AzureProviderMountsFail",
    when: "a pod is tried again and again",
    series: { [mounts("NotFound", "VAULT_OBJECT_NOT_FOUND")]: "0+1x30" },
    at: "25m",
    fires: {
      summary: "Mounts fail with VAULT_OBJECT_NOT_FOUND (NotFound)",
      labels: { ...JOB, grpc_code: "NotFound", grpc_message: "VAULT_OBJECT_NOT_FOUND" },
    },
  },
  {
    alert: "AzureProviderMountsFail",
    when: "a pod failed once, others were given up or have an alert of their own, and most are well",
    series: {
      [mounts("NotFound", "VAULT_OBJECT_NOT_FOUND")]: "0x14 1x30",
      [mounts("Canceled", "CALL_CANCELLED")]: "0+1x30",
      [mounts("Internal", "SHUTTING_DOWN")]: "0+1x30",
      [mounts("Unauthenticated", "SIGN_IN_REJECTED")]: "0+1x30",
      [mounts("OK")]: "0+9x30",
    },
    at: "25m",
  },
  {
    alert: "AzureProviderSignInFails",
    when: "an identity is refused again and again",
    series: { [mounts("Unauthenticated", "SIGN_IN_REJECTED")]: "0+1x30" },
    at: "25m",
    fires: {
      summary: "Sign-in fails with SIGN_IN_REJECTED",
      labels: { ...JOB, grpc_message: "SIGN_IN_REJECTED" },
    },
  },
  {
    alert: "AzureProviderSignInFails",
    when: "one try was refused, and a vault does not know a token",
    series: {
      [mounts("Unauthenticated", "SIGN_IN_REJECTED")]: "0x14 1x30",
      [mounts("Unauthenticated", "VAULT_UNAUTHENTICATED")]: "0+1x30",
    },
    at: "25m",
  },
  {
    alert: "AzureProviderNodeFails",
    when: "three of four mounts of a node fail, and none of another",
    series: {
      [mounts("Internal", "VAULT_UNREACHABLE")]: "0+3x60",
      [mounts("OK")]: "0+1x60",
      [mounts("OK", "", { instance: "10.0.0.5:8898", node: "node-2" })]: "0+4x60",
    },
    at: "40m",
    fires: { summary: "75% of the mounts of 10.0.0.4:8898 fail", labels: NODE },
  },
  {
    alert: "AzureProviderNodeFails",
    when: "classes are wrong",
    series: { [mounts("InvalidArgument", "PARAMETER_INVALID")]: "0+3x60", [mounts("OK")]: "0+1x60" },
    at: "40m",
  },
  {
    alert: "AzureProviderNodeFails",
    when: "one pod's mount fails every two minutes, and hardly anything else mounts",
    series: {
      [mounts("Internal", "VAULT_UNREACHABLE")]: everyTwoMinutes(),
      [mounts("OK")]: "0x60",
    },
    at: "50m",
  },
  {
    alert: "AzureProviderVaultOutOfReach",
    when: "reads do not get to a vault",
    series: { [reads("VAULT_UNREACHABLE")]: "0+1x30", [reads("")]: "0+9x30" },
    at: "25m",
    fires: {
      summary: "Reads of Key Vault fail with VAULT_UNREACHABLE",
      labels: { ...JOB, error: "VAULT_UNREACHABLE" },
    },
  },
  {
    alert: "AzureProviderVaultOutOfReach",
    when: "a vault answers, if with a refusal",
    series: { [reads("VAULT_FORBIDDEN")]: "0+1x30", [reads("VAULT_UNREACHABLE")]: "0x14 1x30" },
    at: "25m",
  },
  {
    alert: "AzureProviderNoVaultAnswers",
    when: "no read succeeded for a quarter of an hour",
    series: {
      [reads("VAULT_UNREACHABLE")]: "0+1x40",
      [reads("VAULT_FAILED")]: "0+1x40",
      [reads("")]: "0+5x10 50x40",
    },
    at: "35m",
    fires: { summary: "No vault answers on any node", labels: JOB },
  },
  {
    alert: "AzureProviderNoVaultAnswers",
    when: "another vault answers",
    series: { [reads("VAULT_UNREACHABLE")]: "0+9x40", [reads("")]: "0+1x40" },
    at: "35m",
  },
  {
    alert: "AzureProviderVaultThrottles",
    when: "a vault refuses five a minute, on two nodes together",
    series: {
      [series("azure_provider_vault_throttled_total", { ...NODE, vault: VAULT })]: "0+3x40",
      [series("azure_provider_vault_throttled_total", { ...NODE, node: "node-2", vault: VAULT })]: "0+2x40",
    },
    at: "30m",
    fires: { summary: `${VAULT} refuses 5 requests a minute (HTTP 429)`, labels: { ...JOB, vault: VAULT } },
  },
  {
    alert: "AzureProviderVaultThrottles",
    when: "two vaults refuse two a minute each",
    series: {
      [series("azure_provider_vault_throttled_total", { ...NODE, vault: VAULT })]: "0+2x40",
      [series("azure_provider_vault_throttled_total", { ...NODE, vault: "other" })]: "0+2x40",
    },
    at: "30m",
  },
  {
    alert: "AzureProviderReadsQueue",
    when: "reads waited at every look",
    series: { [series("azure_provider_throttle_queue", { ...NODE, vault: VAULT })]: "3x30" },
    at: "15m",
    fires: { summary: `3 reads wait before ${VAULT}`, labels: { ...JOB, vault: VAULT } },
  },
  {
    alert: "AzureProviderReadsQueue",
    when: "the queue was empty in between",
    series: { [series("azure_provider_throttle_queue", { ...NODE, vault: VAULT })]: "3x7 stale 3x7" },
    at: "15m",
  },
  {
    alert: "AzureProviderThrottledMountsFail",
    when: "mounts cannot wait for as long as a vault asks",
    series: { [mounts("Internal", "VAULT_THROTTLED")]: "0+1x30" },
    at: "25m",
    fires: {
      summary: "Mounts fail with VAULT_THROTTLED",
      labels: { ...JOB, grpc_message: "VAULT_THROTTLED" },
    },
  },
  {
    alert: "AzureProviderThrottledMountsFail",
    when: "one mount could not, and others are refused by this node",
    series: {
      [mounts("Internal", "VAULT_THROTTLED")]: "0x14 1x30",
      [mounts("Internal", "PROVIDER_OVERLOADED")]: "0+1x30",
    },
    at: "25m",
  },
  {
    alert: "AzureProviderServesStale",
    when: "a pod was given older values, the first of this process",
    series: {
      [series("azure_provider_objects_served_total", { ...NODE, vault: VAULT, from: "stale" })]: "_x30 4x20",
    },
    at: "35m",
    fires: { summary: `Pods were given older values of ${VAULT}`, labels: { ...JOB, vault: VAULT } },
  },
  {
    alert: "AzureProviderServesStale",
    when: "further ones were given",
    series: {
      [series("azure_provider_objects_served_total", { ...NODE, vault: VAULT, from: "stale" })]: "4x30 6x20",
    },
    at: "35m",
    fires: { summary: `Pods were given older values of ${VAULT}`, labels: { ...JOB, vault: VAULT } },
  },
  {
    alert: "AzureProviderServesStale",
    when: "that was an hour ago, and memory serves what is new",
    series: {
      [series("azure_provider_objects_served_total", { ...NODE, vault: VAULT, from: "stale" })]: "4x60",
      [series("azure_provider_objects_served_total", { ...NODE, vault: VAULT, from: "cache" })]: "0+4x60",
    },
    at: "50m",
  },
  {
    alert: "AzureProviderMountsSlow",
    when: "mounts take 10 to 15 s",
    series: tenBetween("grpc_request", MOUNTED, "10", "15"),
    at: "40m",
    fires: { summary: "One mount of ten on 10.0.0.4:8898 takes more than 14.5s", labels: NODE },
  },
  {
    alert: "AzureProviderMountsSlow",
    when: "those that succeed take 5 to 10 s, and those that fail longer",
    series: {
      ...tenBetween("grpc_request", MOUNTED, "5", "10"),
      ...tenBetween(
        "grpc_request",
        { ...MOUNTED, grpc_code: "Internal", grpc_message: "VAULT_FAILED" },
        "15",
        "30",
      ),
    },
    at: "40m",
  },
  {
    alert: "AzureProviderVaultSlow",
    when: "reads take 3 to 5 s",
    series: tenBetween("keyvault_request", READ, "3", "5"),
    at: "40m",
    fires: {
      summary: "One read of ten (secret) takes more than 4.8s",
      labels: { ...JOB, object_type: "secret" },
    },
  },
  {
    alert: "AzureProviderVaultSlow",
    when: "reads take 1 to 1.5 s, and those that fail longer",
    series: {
      ...tenBetween("keyvault_request", READ, "1", "1.5"),
      ...tenBetween("keyvault_request", { ...READ, error: "VAULT_UNREACHABLE" }, "15", "30"),
    },
    at: "40m",
  },
  {
    alert: "AzureProviderBusy",
    when: "the event loop has no pause",
    series: { [series("nodejs_eventloop_utilization")]: "0.95x40" },
    at: "30m",
    fires: { summary: "The Azure provider 10.0.0.4:8898 is busy 95% of the time", labels: NODE },
  },
  {
    alert: "AzureProviderBusy",
    when: "it had none while many pods started, and another program of Node has none",
    series: {
      [series("nodejs_eventloop_utilization")]: "0.95x5 0.1x40",
      [series("nodejs_eventloop_utilization", OTHERS)]: "0.95x40",
    },
    at: "30m",
  },
  {
    alert: "AzureProviderMountsPileUp",
    when: "three hundred have been under way for five minutes",
    series: { [series("azure_provider_mounts_in_flight")]: "300x20" },
    at: "10m",
    fires: { summary: "300 mounts are being worked on at 10.0.0.4:8898", labels: NODE },
  },
  {
    alert: "AzureProviderMountsPileUp",
    when: "they were done after three minutes",
    series: { [series("azure_provider_mounts_in_flight")]: "300x3 5x20" },
    at: "10m",
  },
  {
    alert: "AzureProviderOverloaded",
    when: "a node refuses mounts again and again",
    series: { [mounts("Internal", "PROVIDER_OVERLOADED")]: "0+1x30" },
    at: "25m",
    fires: {
      summary: "10.0.0.4:8898 refuses mounts with PROVIDER_OVERLOADED",
      labels: { ...NODE, grpc_message: "PROVIDER_OVERLOADED" },
    },
  },
  {
    alert: "AzureProviderOverloaded",
    when: "it refused two",
    series: { [mounts("Internal", "PROVIDER_OVERLOADED")]: "0x14 2x30" },
    at: "25m",
  },
];
