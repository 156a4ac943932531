import { RELEASE } from "./objects.js";
import { LINUX, NOTES, type Places, type Row, row, WINDOWS } from "./row.js";

const DIGEST = `sha256:${"0a".repeat(32)}`;
const POD_NETWORK = { linux: { hostNetwork: false } };

/** The values that `linux` and `windows` both have. */
function systemRows(os: "linux" | "windows", at: Places, image: string, tag: string): Row[] {
  const mine = (value: string, to: unknown, changes: Record<string, unknown>): Row =>
    row(`${os}.${value}`, to, changes);
  return [
    mine("enabled", false, {
      [at.daemonSet]: undefined,
      [NOTES]: os === "linux" ? /No provider for Linux nodes/ : /^(?!.*Windows)/s,
    }),
    mine("image.repository", "registry.example/a/provider", {
      [`${at.box}image`]: `registry.example/a/provider:${tag}`,
      [NOTES]: os === "linux" ? /^(?!.*names no registry)/s : /registry.example\/a\/provider:v1/,
    }),
    mine("image.tag", "v9", {
      [`${at.box}image`]: `${image}:v9`,
      ...(os === "linux" ? {} : { [NOTES]: /provider-azure:v9/ }),
    }),
    mine("image.digest", DIGEST, {
      [`${at.box}image`]: `${image}@${DIGEST}`,
      ...(os === "linux" ? {} : { [NOTES]: /provider-azure@sha256/ }),
    }),
    mine("image.pullPolicy", "Always", { [`${at.box}imagePullPolicy`]: "Always" }),
    mine("nodeSelector", { pool: "a" }, { [`${at.pod}nodeSelector.pool`]: "a" }),
    mine("tolerations", [{ key: "a", operator: "Exists" }], {
      [`${at.pod}tolerations`]: [{ key: "a", operator: "Exists" }],
    }),
    mine(
      "affinity",
      { nodeAffinity: null, podAffinity: { a: "b" } },
      {
        [`${at.pod}affinity.nodeAffinity`]: undefined,
        [`${at.pod}affinity.podAffinity`]: { a: "b" },
      },
    ),
    mine("resources", { limits: { cpu: "2" } }, { [`${at.box}resources.limits.cpu`]: "2" }),
    mine("podLabels", { a: "b", app: "not-this" }, { [`${at.spec}template.metadata.labels.a`]: "b" }),
    mine("podAnnotations", { a: "b" }, { [`${at.spec}template.metadata.annotations`]: { a: "b" } }),
    mine("priorityClassName", "system-node-critical", {
      [`${at.pod}priorityClassName`]: "system-node-critical",
    }),
    mine(
      "updateStrategy",
      { rollingUpdate: { maxUnavailable: "10%" } },
      {
        [`${at.spec}updateStrategy.rollingUpdate.maxUnavailable`]: "10%",
      },
    ),
    mine("env", [{ name: "HTTPS_PROXY", value: "http://proxy.example:3128" }], {
      [`${at.box}env`]: { HTTPS_PROXY: { name: "HTTPS_PROXY", value: "http://proxy.example:3128" } },
    }),
    mine("envFrom", [{ secretRef: { name: "proxy" } }], {
      [`${at.box}envFrom`]: [{ secretRef: { name: "proxy" } }],
    }),
    mine("customUserAgent", "a: b # c", { [`${at.flag}custom-user-agent`]: "a: b # c" }),
    mine("healthzPort", 9000, {
      [`${at.flag}healthz-port`]: "9000",
      [`${at.box}livenessProbe.httpGet.port`]: 9000,
      ...(os === "linux" ? { [`${at.box}readinessProbe.httpGet.port`]: 9000 } : {}),
    }),
    mine("healthzPath", "/live", {
      [`${at.flag}healthz-path`]: "/live",
      [`${at.box}livenessProbe.httpGet.path`]: "/live",
    }),
    mine("healthzTimeout", "9s", { [`${at.flag}healthz-timeout`]: "9s" }),
    mine("volumes", [{ name: "v", emptyDir: {} }], {
      [`${at.pod}volumes.v`]: { name: "v", emptyDir: {} },
    }),
    mine("volumeMounts", [{ name: "v", mountPath: "/v" }], {
      [`${at.box}volumeMounts.v`]: { name: "v", mountPath: "/v" },
    }),
    mine("providersDir", "/opt/providers", {
      [`${at.pod}volumes.provider-vol.hostPath.path`]: "/opt/providers",
    }),
    {
      // Only where the chart installs the driver too, it knows the driver's.
      ...row(`${os}.kubeletRootDir`, "/opt/kubelet", {
        [NOTES]: new RegExp(`${os}.kubeletRootDir is /opt/kubelet, but the driver is given`),
      }),
      besides: { windows: { enabled: true }, "secrets-store-csi-driver": { install: true } },
    },
  ];
}

/** The values of `linux` alone. */
const LINUX_ROWS: readonly Row[] = [
  row("linux.terminationGracePeriodSeconds", 90, { [`${LINUX.pod}terminationGracePeriodSeconds`]: 90 }),
  row("linux.providerName", "azure-next", {
    [`${LINUX.flag}endpoint`]: "unix:///provider/azure-next.sock",
    [NOTES]: /`provider: azure-next`/,
  }),
  row("linux.privileged", true, {
    [`${LINUX.box}securityContext.privileged`]: true,
    [`${LINUX.box}securityContext.allowPrivilegeEscalation`]: undefined,
    [NOTES]: /less hardened than this chart is by itself: linux\.privileged\./,
  }),
  row("linux.openshift.securityContextConstraints.create", true, {
    [`SecurityContextConstraints/${RELEASE}`]: { allowPrivilegedContainer: false, allowHostNetwork: true },
    [`Role/${RELEASE}-scc`]: { metadata: { namespace: "kube-system" } },
    [`RoleBinding/${RELEASE}-scc`]: { metadata: { namespace: "kube-system" } },
    [`${LINUX.spec}template.metadata.annotations`]: { "openshift.io/required-scc": RELEASE },
    [`${LINUX.pod}securityContext.seLinuxOptions`]: { type: "spc_t" },
  }),
  row("linux.podSecurityContext", { fsGroup: 5 }, { [`${LINUX.pod}securityContext.fsGroup`]: 5 }),
  row("linux.securityContext", { runAsUser: 65532 }, { [`${LINUX.box}securityContext.runAsUser`]: 65532 }),
  row("linux.automountServiceAccountToken", true, {
    [`${LINUX.pod}automountServiceAccountToken`]: true,
    [`${LINUX.pod}volumes.cluster-ca`]: undefined,
    [`${LINUX.box}volumeMounts.cluster-ca`]: undefined,
  }),
  row("linux.hostNetwork", false, {
    [`${LINUX.pod}hostNetwork`]: undefined,
    [`${LINUX.pod}dnsPolicy`]: "ClusterFirst",
  }),
  row("linux.dnsPolicy", "Default", { [`${LINUX.pod}dnsPolicy`]: "Default" }),
  row("linux.dnsPolicy", "", { [`${LINUX.pod}dnsPolicy`]: undefined }),
  row("linux.dnsPolicy", "Default", { [`${LINUX.pod}dnsPolicy`]: "Default" }, POD_NETWORK),
  row("linux.extraArgs", ["--vmodule=a=1"], { [`${LINUX.flag}vmodule`]: "a=1" }),
  row("linux.healthzBindAddress", "127.0.0.1", {
    [`${LINUX.flag}healthz-bind-address`]: "127.0.0.1",
    [`${LINUX.box}livenessProbe.httpGet.host`]: "127.0.0.1",
    [`${LINUX.box}readinessProbe.httpGet.host`]: "127.0.0.1",
  }),
  row("linux.healthzBindAddress", "::", { [`${LINUX.flag}healthz-bind-address`]: "::" }),
  row("linux.metricsBindAddress", "127.0.0.1", { [`${LINUX.flag}metrics-bind-address`]: "127.0.0.1" }),
  row("linux.livenessProbe", { periodSeconds: 5 }, { [`${LINUX.box}livenessProbe.periodSeconds`]: 5 }),
  row("linux.readinessProbe.enabled", false, { [`${LINUX.box}readinessProbe`]: undefined }),
  row("linux.readinessProbe.timeoutSeconds", 3, { [`${LINUX.box}readinessProbe.timeoutSeconds`]: 3 }),
  row("linux.readinessProbe.periodSeconds", 3, { [`${LINUX.box}readinessProbe.periodSeconds`]: 3 }),
];

export const SYSTEM_ROWS: readonly Row[] = [
  ...systemRows("linux", LINUX, "secrets-store-csi-provider-azure", "0.1.0"),
  ...LINUX_ROWS,
  ...systemRows("windows", WINDOWS, "mcr.microsoft.com/oss/v2/azure/secrets-store/provider-azure", "v1.8.2"),
];
