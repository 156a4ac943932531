import { expect } from "chai";
import { ACCOUNT, LINUX, NOTES, type Places, type Row, row, WINDOWS } from "./row.js";
import { RELEASE } from "./objects.js";

const MONITOR = `PodMonitor/${RELEASE}`;
const ENDPOINT = `${MONITOR} spec.podMetricsEndpoints`;
const RULE = `PrometheusRule/${RELEASE}`;
const DASHBOARD = `ConfigMap/${RELEASE}-dashboard`;
const POLICY = `NetworkPolicy/${RELEASE}`;
const POD_NETWORK = { linux: { hostNetwork: false } };
const CA = "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n";
const CA_MOUNT = { name: "extra-ca", mountPath: "/etc/extra-ca", readOnly: true };
const CA_ENV = { name: "NODE_EXTRA_CA_CERTS", value: "/etc/extra-ca/ca.crt" };
const NODE_LABEL = { sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" };

/** The same change in both DaemonSets. */
function both(change: (places: Places) => Record<string, unknown>): Record<string, unknown> {
  return { ...change(LINUX), ...change(WINDOWS) };
}

function caFrom(source: Record<string, unknown>): Record<string, unknown> {
  return {
    [`${LINUX.pod}volumes.extra-ca`]: { name: "extra-ca", ...source },
    [`${LINUX.box}volumeMounts.extra-ca`]: CA_MOUNT,
    [`${LINUX.box}env`]: { NODE_EXTRA_CA_CERTS: CA_ENV },
  };
}

function endpoint(more: Record<string, unknown>): Record<string, unknown> {
  return {
    [ENDPOINT]: [{ port: "metrics", path: "/metrics", interval: "30s", relabelings: [NODE_LABEL], ...more }],
  };
}

/** The values at the top, each with what it changes. */
export const SHARED_ROWS: readonly Row[] = [
  row("nameOverride", "azure", {
    ...both(({ daemonSet, spec }) => ({
      [`${daemonSet} metadata.labels.app`]: "azure",
      [`${daemonSet} metadata.labels.app.kubernetes.io/name`]: "azure",
      [`${spec}selector.matchLabels.app`]: "azure",
      [`${spec}template.metadata.labels.app`]: "azure",
      [`${spec}template.metadata.labels.app.kubernetes.io/name`]: "azure",
    })),
    [`${ACCOUNT} metadata.labels.app`]: "azure",
    [`${ACCOUNT} metadata.labels.app.kubernetes.io/name`]: "azure",
    [NOTES]: /--selector app=azure /,
  }),
  {
    ...row("fullnameOverride", "kv", {}),
    check: (before, after) => {
      for (const suffix of ["", "-windows"]) {
        const old = structuredClone(before.get(`DaemonSet/${RELEASE}${suffix}`));
        (old as unknown as { metadata: { name: string } }).metadata.name = `kv${suffix}`;
        expect(after.get(`DaemonSet/kv${suffix}`)).to.deep.equal(old);
      }
      expect(after.get(ACCOUNT)).to.deep.equal(before.get(ACCOUNT));
      expect(after.size).to.equal(before.size);
    },
  },
  row(
    "commonLabels",
    { team: "kv" },
    {
      ...both(({ daemonSet, spec }) => ({
        [`${daemonSet} metadata.labels.team`]: "kv",
        [`${spec}template.metadata.labels.team`]: "kv",
      })),
      [`${ACCOUNT} metadata.labels.team`]: "kv",
    },
  ),
  row(
    "imagePullSecrets",
    [{ name: "registry" }],
    both(({ pod }) => ({ [`${pod}imagePullSecrets`]: { registry: { name: "registry" } } })),
  ),
  row(
    "logFormatJSON",
    true,
    both(({ flag }) => ({ [`${flag}log-format-json`]: "true" })),
  ),
  row(
    "logVerbosity",
    5,
    both(({ box }) => ({ [`${box}args.-v`]: "5" })),
  ),
  row(
    "constructPEMChain",
    false,
    both(({ flag }) => ({ [`${flag}construct-pem-chain`]: "false" })),
  ),
  row(
    "writeCertAndKeyInSeparateFiles",
    true,
    both(({ flag }) => ({ [`${flag}write-cert-and-key-in-separate-files`]: "true" })),
  ),
  row(
    "cloudName",
    "AzureChinaCloud",
    both(({ flag }) => ({ [`${flag}cloud-name`]: "AzureChinaCloud" })),
  ),
  row(
    "cloudEnvironment",
    { keyVaultDNSSuffix: "vault.stack.example" },
    {
      [`ConfigMap/${RELEASE}-cloud-environment`]: {
        data: { "environment.json": '{"keyVaultDNSSuffix":"vault.stack.example"}' },
      },
      [`${LINUX.pod}volumes.cloud-environment`]: {
        name: "cloud-environment",
        configMap: { name: `${RELEASE}-cloud-environment` },
      },
      [`${LINUX.box}volumeMounts.cloud-environment`]: {
        name: "cloud-environment",
        mountPath: "/etc/azure-cloud",
        readOnly: true,
      },
      [`${LINUX.box}env`]: {
        AZURE_ENVIRONMENT_FILEPATH: {
          name: "AZURE_ENVIRONMENT_FILEPATH",
          value: "/etc/azure-cloud/environment.json",
        },
      },
    },
  ),
  row("defaultTenantID", "contoso.example", { [`${LINUX.flag}default-tenant-id`]: "contoso.example" }),
  row("defaultClientID", "a-client", { [`${LINUX.flag}default-client-id`]: "a-client" }),
  row(
    "tokenProxyURL",
    "https://proxy.example",
    both(({ flag }) => ({ [`${flag}token-proxy-url`]: "https://proxy.example" })),
  ),
  row(
    "sniName",
    "a012.ests.aks",
    both(({ flag }) => ({ [`${flag}sni-name`]: "a012.ests.aks" })),
  ),
  row("objectCacheTTL", "0s", { [`${LINUX.flag}object-cache-ttl`]: "0s" }),
  row("vaultMaxRequestsPerSecond", 20, { [`${LINUX.flag}vault-max-requests-per-second`]: "20" }),
  row("serveStaleDuringOutage", "10m", { [`${LINUX.flag}serve-stale-during-outage`]: "10m" }),
  row("extraCABundle.pem", CA, {
    [`ConfigMap/${RELEASE}-ca-bundle`]: { data: { "ca.crt": CA } },
    ...caFrom({ configMap: { name: `${RELEASE}-ca-bundle`, items: [{ key: "ca.crt", path: "ca.crt" }] } }),
  }),
  row(
    "extraCABundle.configMapName",
    "company-ca",
    caFrom({ configMap: { name: "company-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } }),
  ),
  row(
    "extraCABundle.secretName",
    "company-ca",
    caFrom({ secret: { secretName: "company-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } }),
  ),
  row(
    "extraCABundle.key",
    "root.pem",
    { [`${LINUX.pod}volumes.extra-ca.configMap.items`]: [{ key: "root.pem", path: "ca.crt" }] },
    { extraCABundle: { configMapName: "company-ca" } },
  ),
  row(
    "metricsAddr",
    "9100",
    both(({ flag, box }) => ({
      [`${flag}prometheus-port`]: "9100",
      [`${box}ports.metrics.containerPort`]: 9100,
    })),
  ),
  row(
    "enablePprof",
    true,
    both(({ flag }) => ({ [`${flag}enable-pprof`]: "true", [`${flag}pprof-port`]: "6060" })),
  ),
  row(
    "pprofPort",
    6061,
    both(({ flag }) => ({ [`${flag}pprof-port`]: "6061" })),
    { enablePprof: true },
  ),
  row("serviceAccount.create", false, {
    [ACCOUNT]: undefined,
    [NOTES]: /service account csi-secrets-store-provider-azure must exist/,
  }),
  row("serviceAccount.name", "kv", {
    [ACCOUNT]: undefined,
    "ServiceAccount/kv": { metadata: { name: "kv", namespace: "kube-system" } },
    ...both(({ pod }) => ({ [`${pod}serviceAccountName`]: "kv" })),
  }),
  row("serviceAccount.annotations", { a: "b" }, { [`${ACCOUNT} metadata.annotations`]: { a: "b" } }),
  row("rbac.install", false, {
    [ACCOUNT]: undefined,
    [NOTES]: /service account csi-secrets-store-provider-azure must exist/,
  }),
  row("rbac.pspEnabled", true, { [NOTES]: /WARNING: rbac.pspEnabled has no effect/ }),
  row("podMonitor.enabled", true, {
    [MONITOR]: {
      metadata: { namespace: "kube-system" },
      spec: {
        jobLabel: "app",
        selector: { matchLabels: { app: RELEASE } },
        podMetricsEndpoints: [
          { port: "metrics", path: "/metrics", interval: "30s", relabelings: [NODE_LABEL] },
        ],
      },
    },
  }),
  row("podMonitor.labels", { a: "b" }, { [`${MONITOR} metadata.labels.a`]: "b" }, monitored()),
  row("podMonitor.interval", "15s", endpoint({ interval: "15s" }), monitored()),
  row("podMonitor.scrapeTimeout", "5s", endpoint({ scrapeTimeout: "5s" }), monitored()),
  row(
    "podMonitor.relabelings",
    [{ action: "drop" }],
    endpoint({ relabelings: [NODE_LABEL, { action: "drop" }] }),
    monitored(),
  ),
  row(
    "podMonitor.metricRelabelings",
    [{ action: "keep" }],
    endpoint({ metricRelabelings: [{ action: "keep" }] }),
    monitored(),
  ),
  row("prometheusRule.enabled", true, { [RULE]: { metadata: { namespace: "kube-system" } } }),
  row(
    "prometheusRule.labels",
    { a: "b" },
    { [`${RULE} metadata.labels.a`]: "b" },
    { prometheusRule: { enabled: true } },
  ),
  row("grafanaDashboard.enabled", true, {
    [DASHBOARD]: { metadata: { labels: { grafana_dashboard: "1" } } },
  }),
  row(
    "grafanaDashboard.labels",
    { folder: "x" },
    { [`${DASHBOARD} metadata.labels.folder`]: "x" },
    { grafanaDashboard: { enabled: true } },
  ),
  row(
    "grafanaDashboard.annotations",
    { folder: "x" },
    { [`${DASHBOARD} metadata.annotations`]: { folder: "x" } },
    { grafanaDashboard: { enabled: true } },
  ),
  row(
    "networkPolicy.enabled",
    true,
    {
      [POLICY]: {
        spec: {
          podSelector: { matchLabels: { app: RELEASE } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ ports: [{ protocol: "TCP", port: "metrics" }] }],
        },
      },
    },
    POD_NETWORK,
  ),
  row(
    "networkPolicy.metricsFrom",
    [{ podSelector: {} }],
    {
      [`${POLICY} spec.ingress`]: [
        { ports: [{ protocol: "TCP", port: "metrics" }], from: [{ podSelector: {} }] },
      ],
    },
    { ...POD_NETWORK, networkPolicy: { enabled: true } },
  ),
  row(
    "networkPolicy.egress",
    [{ to: [{ podSelector: {} }] }],
    { [`${POLICY} spec.egress`]: [{ to: [{ podSelector: {} }] }] },
    { ...POD_NETWORK, networkPolicy: { enabled: true } },
  ),
  row(
    "extraManifests",
    [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "{{ .Release.Name }}-x" } },
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: second\ndata:\n  in: {{ .Release.Namespace }}\n",
    ],
    { [`ConfigMap/${RELEASE}-x`]: {}, "ConfigMap/second": { data: { in: "kube-system" } } },
  ),
  row("enableArcExtension", true, { [NOTES]: /without effect, .*: enableArcExtension\./ }),
];

function monitored(): Record<string, unknown> {
  return { podMonitor: { enabled: true } };
}
