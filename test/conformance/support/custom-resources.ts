import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { kubectl, tryKubectl } from "./kubectl.js";

/** Where the definitions of the kinds in our manifests are: file within a Go module that tools/crds pins, and which of its documents. */
const SOURCES = [
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    file: "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
    names: ["podmonitors.monitoring.coreos.com"],
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    file: "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    names: ["prometheusrules.monitoring.coreos.com"],
  },
  {
    module: "github.com/openshift/api",
    file: "payload-manifests/crds/0000_03_config-operator_01_securitycontextconstraints.crd.yaml",
    names: ["securitycontextconstraints.security.openshift.io"],
  },
  {
    module: "sigs.k8s.io/secrets-store-csi-driver",
    file: "deploy/secrets-store.csi.x-k8s.io_secretproviderclasses.yaml",
    names: ["secretproviderclasses.secrets-store.csi.x-k8s.io"],
  },
  {
    module: "sigs.k8s.io/secrets-store-csi-driver",
    file: "deploy/secrets-store.csi.x-k8s.io_secretproviderclasspodstatuses.yaml",
    names: ["secretproviderclasspodstatuses.secrets-store.csi.x-k8s.io"],
  },
  {
    module: "github.com/Azure/aad-pod-identity",
    file: "config/crd/aadpodidentity.k8s.io.yaml",
    names: ["azureidentities.aadpodidentity.k8s.io", "azureidentitybindings.aadpodidentity.k8s.io"],
  },
] as const;

/**
 * Kinds whose definition no Go module serves: the Secrets Store Sync Controller is not to be had from the module proxy.
 * Their documents are checked only where the cluster has the definition already.
 */
export const WITHOUT_SOURCE: Readonly<Record<string, string>> = {
  SecretSync: "secretsyncs.secret-sync.x-k8s.io",
};

/**
 * Installs the definitions that the cluster lacks.
 * @param installed - takes the name of each, so that what was installed before a failure can be removed too
 */
export async function installDefinitions(installed: string[]): Promise<void> {
  for (const { module, file, names } of SOURCES) {
    const documents = parseAllDocuments(readFileSync(path.join(moduleFolder(module), file), "utf8"));
    for (const name of names) {
      if (await isDefined(name)) continue;
      const definition = documents
        .map((document) => document.toJS() as { metadata: { name: string } } | null)
        .find((one) => one?.metadata.name === name);
      if (definition === undefined) throw new Error(`${module} has no ${name} in ${file}`);
      await kubectl(["create", "-f", "-"], { input: stringify(definition) });
      installed.push(name);
    }
  }
  for (const name of installed) {
    await kubectl(["wait", "--for=condition=Established", "--timeout=60s", `crd/${name}`]);
  }
}

export async function removeDefinitions(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await kubectl(["delete", "crd", "--ignore-not-found", ...names]);
}

export async function isDefined(name: string): Promise<boolean> {
  return (await tryKubectl(["get", "crd", name])).code === 0;
}

function moduleFolder(module: string): string {
  const go = (...args: string[]): string =>
    execFileSync("go", args, { cwd: "tools/crds", encoding: "utf8" }).trim();
  go("mod", "download", module);
  return go("list", "-m", "-f", "{{.Dir}}", module);
}
