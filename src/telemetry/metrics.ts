import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ErrorCode } from "../errors/codes.js";
import type { ObjectType } from "../model/key-vault-object.js";
import { BoundedLabel } from "./bounded-label.js";
import { registerProcessMetrics } from "./process-metrics.js";

/** One request to Key Vault for one object: a read or a list of versions. */
export interface KeyVaultRequestSample {
  readonly objectType: ObjectType;
  readonly objectName: string;
  /** Empty when it succeeded. */
  readonly error: ErrorCode | "";
  readonly seconds: number;
}

/** One call that the driver, or a probe, made. */
export interface GrpcRequestSample {
  /** For example `/v1alpha1.CSIDriverProvider/Mount`. */
  readonly method: string;
  /** The status as Go spells it: `OK`, `InvalidArgument`. */
  readonly code: string;
  /** Empty when it succeeded. */
  readonly error: ErrorCode | "";
  readonly seconds: number;
}

export interface Metrics {
  observeKeyVaultRequest(sample: KeyVaultRequestSample): void;
  observeGrpcRequest(sample: GrpcRequestSample): void;
  /** One value that a mount was given. @param from - the vault, or whom or what it was shared with */
  countServedObject(vault: string, from: string): void;
  /** How one mount's sign-in came out. */
  countSignIn(mode: string, outcome: string): void;
  /** A vault refused a request because it is asked too much. */
  countThrottled(vault: string): void;
  /** A request waited because of throttling. @param service - the vault, or {@link SIGN_IN} */
  observeThrottleWait(service: string, seconds: number): void;
  /** @param waiting - asked at each scrape: how many requests wait, by vault */
  watchQueues(waiting: () => Iterable<readonly [vault: string, waiting: number]>): void;
  /** An error that no code of ours foresaw: a bug to report. */
  countUnexpectedError(): void;
  setMountsInFlight(count: number): void;
  /** 1 while the socket is ours and calls are answered, else 0. */
  setServing(serving: boolean): void;
  /** The text that Prometheus scrapes. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Seconds; the buckets that dashboards in the field read. */
export const BUCKETS_SECONDS = [0.1, 0.2, 0.3, 0.4, 0.5, 1, 1.5, 2, 2.5, 3, 5, 10, 15, 30];

/** What waits before no vault; a series of its own, however many vaults there are. */
export const SIGN_IN = "sign-in";

/** Vaults that get a series of their own. */
const MAX_VAULTS = 100;

const SERVICE_NAME = "csi-secrets-store-provider-azure";

/** What the provider that this one replaces puts on every series, its OpenTelemetry exporter's labels included. */
const CONSTANT_LABELS = {
  provider: "azure",
  os_type: process.platform,
  service_name: SERVICE_NAME,
  otel_scope_name: SERVICE_NAME,
  otel_scope_version: "",
  otel_scope_schema_url: "",
} as const;
const CONSTANT_NAMES = Object.keys(CONSTANT_LABELS);

/**
 * All metrics of one process, in a registry of their own. Names, labels and buckets of `keyvault_request` and
 * `grpc_request` are those of the provider that this one replaces; `error` and `grpc_message` hold one of this
 * project's error codes where that one has whole messages, so that the number of series is bounded.
 * @param options.version - the build's semantic version
 */
export function createMetrics(options: { readonly version: string }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registerInfo(registers, options.version);
  registerProcessMetrics(registers);

  const keyVaultRequest = new Histogram({
    name: "keyvault_request",
    help: "Seconds that a request to Key Vault took, by object and error",
    labelNames: [...CONSTANT_NAMES, "object_type", "object_name", "error"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const grpcRequest = new Histogram({
    name: "grpc_request",
    help: "Seconds that a gRPC call took, by method and status",
    labelNames: [...CONSTANT_NAMES, "grpc_method", "grpc_code", "grpc_message"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const unexpectedErrors = new Counter({
    name: "azure_provider_unexpected_errors_total",
    help: "Errors that the provider did not foresee; each is logged with its stack frames",
    registers,
  });
  const mountsInFlight = new Gauge({
    name: "azure_provider_mounts_in_flight",
    help: "Mount calls that are being worked on",
    registers,
  });
  const serving = new Gauge({
    name: "azure_provider_serving",
    help: "1 while this process holds the provider's socket and answers calls",
    registers,
  });
  const servedObjects = new Counter({
    name: "azure_provider_objects_served_total",
    help: "Objects that mounts were given, by vault and by where the value came from: vault, shared, cache, stale",
    labelNames: ["vault", "from"],
    registers,
  });
  const signIns = new Counter({
    name: "azure_provider_sign_ins_total",
    help: "Sign-ins of mounts, by identity mode and outcome: accepted, joined, remembered, failed, paused",
    labelNames: ["mode", "outcome"],
    registers,
  });
  const throttled = new Counter({
    name: "azure_provider_vault_throttled_total",
    help: "Requests that a vault refused with HTTP 429, or 503 with Retry-After",
    labelNames: ["vault"],
    registers,
  });
  const throttleWait = new Histogram({
    name: "azure_provider_throttle_wait_seconds",
    help: "Seconds that a request waited before a vault, or before sign-in, because of throttling",
    labelNames: ["service"],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const objectNames = new BoundedLabel();
  const vaults = new BoundedLabel(MAX_VAULTS);

  return {
    observeKeyVaultRequest({ objectType, objectName, error, seconds }) {
      const object_name = objectNames.value(objectName, `${objectType}/${error}`);
      keyVaultRequest.observe({ ...CONSTANT_LABELS, object_type: objectType, object_name, error }, seconds);
    },
    observeGrpcRequest({ method, code, error, seconds }) {
      grpcRequest.observe(
        { ...CONSTANT_LABELS, grpc_method: method, grpc_code: code, grpc_message: error },
        seconds,
      );
    },
    countServedObject: (vault, from) => {
      servedObjects.inc({ vault: vaults.value(vault), from });
    },
    countSignIn: (mode, outcome) => {
      signIns.inc({ mode, outcome });
    },
    countThrottled: (vault) => {
      throttled.inc({ vault: vaults.value(vault) });
    },
    observeThrottleWait: (service, seconds) => {
      const shown = service === SIGN_IN ? SIGN_IN : vaults.value(service);
      throttleWait.observe({ service: shown }, seconds);
    },
    watchQueues: (waiting) => {
      registerQueues(registers, (vault) => vaults.value(vault), waiting);
    },
    countUnexpectedError: () => {
      unexpectedErrors.inc();
    },
    setMountsInFlight: (count) => {
      mountsInFlight.set(count);
    },
    setServing: (isServing) => {
      serving.set(isServing ? 1 : 0);
    },
    render: async () => await registry.metrics(),
    contentType: registry.contentType,
  };
}

function registerQueues(
  registers: Registry[],
  label: (vault: string) => string,
  waiting: () => Iterable<readonly [vault: string, waiting: number]>,
): void {
  new Gauge({
    name: "azure_provider_throttle_queue",
    help: "Requests that wait before a vault because of throttling",
    labelNames: ["vault"],
    registers,
    collect() {
      this.reset();
      for (const [vault, count] of waiting()) this.inc({ vault: label(vault) }, count);
    },
  });
}

/** The information series of OpenTelemetry's Prometheus exporter, and this build's own. */
function registerInfo(registers: Registry[], version: string): void {
  const info = (name: string, help: string, labels: Record<string, string>): void => {
    new Gauge({ name, help, labelNames: Object.keys(labels), registers }).set(labels, 1);
  };
  info("target_info", "Target metadata", { service_name: SERVICE_NAME, service_version: version });
  info("otel_scope_info", "Instrumentation Scope metadata", {
    otel_scope_name: SERVICE_NAME,
    otel_scope_version: "",
  });
  info("azure_provider_build_info", "Version of this provider and of its Node", {
    version,
    node_version: process.version,
  });
}
