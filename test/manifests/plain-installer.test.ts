import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  expectHardened,
  expectKnownNames,
  providerContainer,
  PROVIDERS_FOLDER,
} from "../support/installer.js";
import { daemonSetOf, readManifests, type DaemonSet, type Manifest } from "../support/kubernetes.js";

describe("manifests/provider-azure-installer.yaml", () => {
  let manifests: Manifest[];
  let daemonSet: DaemonSet;
  before(() => {
    manifests = readManifests(readFileSync("manifests/provider-azure-installer.yaml", "utf8"));
    daemonSet = daemonSetOf(manifests);
  });

  it("keeps the names, labels, paths and ports that people know, and no namespace", () => {
    expect(manifests.map(({ kind }) => kind)).to.deep.equal(["ServiceAccount", "DaemonSet"]);
    expectKnownNames(manifests);
    expect(daemonSet.spec.template.spec.volumes).to.deep.include({
      name: "provider-vol",
      hostPath: { path: PROVIDERS_FOLDER },
    });
  });

  it("is hardened: nothing to gain, nothing to write, no rights in the cluster", () => {
    expectHardened(manifests);
    expect(providerContainer(daemonSet).securityContext).to.include({ runAsUser: 0 });
  });

  it("runs on every Linux node but virtual ones, on the node's network", () => {
    const { hostNetwork, dnsPolicy, nodeSelector, tolerations, affinity } = daemonSet.spec.template.spec;
    expect({ hostNetwork, dnsPolicy, nodeSelector, tolerations }).to.deep.equal({
      hostNetwork: true,
      dnsPolicy: "ClusterFirstWithHostNet",
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: [{ operator: "Exists" }],
    });
    expect(affinity).to.deep.equal({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "type", operator: "NotIn", values: ["virtual-kubelet"] }] },
          ],
        },
      },
    });
  });

  it("is updated node by node, and probed as the port answers", () => {
    expect(daemonSet.spec.updateStrategy).to.deep.equal({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1 },
    });
    const { args, livenessProbe, readinessProbe } = providerContainer(daemonSet);
    expect(args).to.include.members([
      "--construct-pem-chain=true",
      "--healthz-port=8989",
      "--healthz-path=/healthz",
      "--healthz-timeout=5s",
    ]);
    expect(livenessProbe).to.deep.equal({
      httpGet: { path: "/healthz", port: 8989 },
      failureThreshold: 3,
      initialDelaySeconds: 5,
      timeoutSeconds: 10,
      periodSeconds: 30,
    });
    expect(readinessProbe).to.deep.include({ httpGet: { path: "/readyz", port: 8989 } });
  });

  it("asks for what it may use, so that the pod is of class Guaranteed and never swapped", () => {
    const { requests, limits } = providerContainer(daemonSet).resources ?? {};
    expect(requests).to.have.all.keys("cpu", "memory");
    expect(limits).to.deep.equal(requests);
  });
});
