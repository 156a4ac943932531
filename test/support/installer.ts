import { expect } from "chai";
import { daemonSetOf, type Container, type DaemonSet, type Manifest } from "./kubernetes.js";

export const NAME = "csi-secrets-store-provider-azure";
export const PROVIDERS_FOLDER = "/var/run/secrets-store-csi-providers";

/** The provider's own container. */
export function providerContainer(daemonSet: DaemonSet): Container {
  const found = daemonSet.spec.template.spec.containers.find(
    ({ name }) => name === "provider-azure-installer",
  );
  if (found === undefined) throw new Error("no container provider-azure-installer");
  return found;
}

/** What every way to install the provider keeps: the names that people's scripts and selectors know. */
export function expectKnownNames(manifests: readonly Manifest[]): void {
  const daemonSet = daemonSetOf(manifests);
  expect(daemonSet.metadata.name).to.equal(NAME);
  expect(daemonSet.metadata.labels).to.include({ app: NAME });
  expect(daemonSet.spec.selector.matchLabels).to.deep.equal({ app: NAME });
  const { metadata, spec } = daemonSet.spec.template;
  expect(metadata.labels).to.include({ app: NAME });
  expect(spec.serviceAccountName).to.equal(NAME);
  expect(
    manifests.filter(({ kind }) => kind === "ServiceAccount").map((one) => one.metadata.name),
  ).to.deep.equal([NAME]);
  const container = providerContainer(daemonSet);
  expect(container.args).to.include("--endpoint=unix:///provider/azure.sock");
  expect(container.ports).to.deep.include({ name: "metrics", containerPort: 8898, protocol: "TCP" });
  expect(container.volumeMounts).to.deep.include({ name: "provider-vol", mountPath: "/provider" });
  // So that `kubectl apply -n` decides.
  expect(manifests.filter((one) => one.metadata.namespace !== undefined)).to.deep.equal([]);
}

/** What every way to install the provider keeps from its containers. */
export function expectHardened(manifests: readonly Manifest[]): void {
  const { spec } = daemonSetOf(manifests).spec.template;
  expect(spec.securityContext?.seccompProfile).to.deep.equal({ type: "RuntimeDefault" });
  expect(spec.automountServiceAccountToken).to.equal(false);
  for (const { name, securityContext = {} } of [...(spec.initContainers ?? []), ...spec.containers]) {
    expect(securityContext, name).to.include({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    });
    expect(securityContext.privileged ?? false, name).to.equal(false);
    expect(securityContext.capabilities, name).to.deep.equal({ drop: ["ALL"] });
  }
  expect(manifests.map(({ kind }) => kind)).to.not.include.members(["ClusterRole"]);
  expect(manifests.map(({ kind }) => kind)).to.not.include.members(["ClusterRoleBinding"]);
}
