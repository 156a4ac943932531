import { execFileSync } from "node:child_process";
import { KUBECTL } from "./kubectl.js";
import type { Environment } from "./matrix.js";

/** What the report calls each kind of cluster, by CONFORMANCE_CLUSTER. */
const NAMES: Readonly<Record<string, string>> = {
  node: "local node",
  kind: "kind",
  aks: "AKS",
  driver: "driver only",
};

/** What this run ran on: asked from the cluster, or from the environment where there is none. */
export function describeEnvironment(): Environment {
  const kind = process.env["CONFORMANCE_CLUSTER"] ?? "other cluster";
  return {
    name: NAMES[kind] ?? kind,
    date: new Date().toISOString().slice(0, 10),
    kubernetes: process.env["CONFORMANCE_KUBERNETES_VERSION"] ?? kubernetesVersion(),
    driver: process.env["CONFORMANCE_DRIVER_VERSION"] ?? driverVersion(),
  };
}

function kubernetesVersion(): string {
  const said = JSON.parse(ask("version", "-o", "json")) as { serverVersion?: { gitVersion?: string } };
  return said.serverVersion?.gitVersion ?? "unknown";
}

/** The version that the driver's first line in its log names; else the tag of its image. */
function driverVersion(): string {
  const label = "app in (csi-secrets-store,secrets-store-csi-driver)";
  const first = ask("-n", "kube-system", "logs", "-l", label, "-c", "secrets-store", "--tail=-1").slice(
    0,
    4096,
  );
  const logged = /version="?(v\d+\.\d+\.\d+[\w.-]*)/i.exec(first)?.[1];
  if (logged !== undefined) return logged;
  const path = "{.items[0].spec.template.spec.containers[?(@.name=='secrets-store')].image}";
  const image = ask("-n", "kube-system", "get", "daemonset", "-l", label, "-o", `jsonpath=${path}`);
  return image.split(":").at(-1) ?? "unknown";
}

/** What kubectl prints, or nothing. */
function ask(...args: readonly string[]): string {
  const [program = "kubectl", ...first] = KUBECTL;
  try {
    const stdio = ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"];
    return execFileSync(program, [...first, ...args], { encoding: "utf8", timeout: 20_000, stdio });
  } catch {
    return "{}";
  }
}
