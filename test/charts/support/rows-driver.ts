import { expect } from "chai";
import { type Row, row } from "./row.js";

const DRIVER = "secrets-store-csi-driver";
const LINUX_DRIVER = `DaemonSet/${DRIVER}`;
const WINDOWS_DRIVER = `DaemonSet/${DRIVER}-windows`;
const CSI_DRIVER = "CSIDriver/secrets-store.csi.k8s.io";

/** A value that goes to the driver's chart: which objects change, and what the first of them then holds. */
function driver(value: string, to: unknown, objects: readonly string[], holding: string, besides = {}): Row {
  return {
    ...row(`${DRIVER}.${value}`, to, {}),
    besides: { [DRIVER]: { install: true, ...besides } },
    changed: { objects, holding },
  };
}

const WINDOWS_ON = { windows: { enabled: true } };

export const DRIVER_ROWS: readonly Row[] = [
  {
    ...driver("install", false, [], ""),
    check: (before, after) => {
      expect([...before.keys()]).to.include.members([LINUX_DRIVER, CSI_DRIVER]);
      expect([...after.keys()].sort()).to.deep.equal([
        "ConfigMap/notes",
        "DaemonSet/csi-secrets-store-provider-azure",
        "ServiceAccount/csi-secrets-store-provider-azure",
      ]);
    },
  },
  {
    ...driver("fullnameOverride", "the-driver", [], ""),
    check: (before, after) => {
      expect(before.has(LINUX_DRIVER)).to.equal(true);
      expect(after.has("DaemonSet/the-driver")).to.equal(true);
      expect(after.has(LINUX_DRIVER)).to.equal(false);
    },
  },
  {
    ...driver("linux.enabled", false, [], ""),
    check: (_before, after) => {
      expect(after.has(LINUX_DRIVER)).to.equal(false);
      expect(after.has(CSI_DRIVER)).to.equal(true);
    },
  },
  driver("linux.kubeletRootDir", "/opt/kubelet", [LINUX_DRIVER, "ConfigMap/notes"], "/opt/kubelet/pods"),
  driver("linux.metricsAddr", ":9095", [LINUX_DRIVER], ":9095"),
  driver("linux.providersDir", "/opt/providers", [LINUX_DRIVER, "ConfigMap/notes"], "/opt/providers"),
  driver("linux.priorityClassName", "critical", [LINUX_DRIVER], "critical"),
  {
    ...driver("windows.enabled", true, [], ""),
    check: (before, after) => {
      expect(before.has(WINDOWS_DRIVER)).to.equal(false);
      expect(after.has(WINDOWS_DRIVER)).to.equal(true);
    },
  },
  driver("windows.kubeletRootDir", "D:\\kubelet", [WINDOWS_DRIVER], "D:\\\\kubelet", WINDOWS_ON),
  driver("windows.metricsAddr", ":9095", [WINDOWS_DRIVER], ":9095", WINDOWS_ON),
  driver("windows.priorityClassName", "critical", [WINDOWS_DRIVER], "critical", WINDOWS_ON),
  driver("enableSecretRotation", true, [CSI_DRIVER, LINUX_DRIVER], '"requiresRepublish":true'),
  driver("rotationPollInterval", "5m", [LINUX_DRIVER], "5m", { enableSecretRotation: true }),
  driver("filteredWatchSecret", false, [], ""),
  {
    ...driver("syncSecret.enabled", true, [], ""),
    check: (before, after) => {
      const role = "ClusterRole/secretprovidersyncing-role";
      expect(before.has(role)).to.equal(false);
      expect(after.has(role)).to.equal(true);
    },
  },
  driver("tokenRequests", [{ audience: "mine" }], [CSI_DRIVER], "mine"),
];
