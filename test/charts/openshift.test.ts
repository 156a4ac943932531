import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { goTools } from "../support/go-tools.js";
import { type Objects, objectsOf, RELEASE, render, type Tree } from "./support/objects.js";
import { copyChart } from "./support/packed-chart.js";

const OVERLAY = "manifests/kustomize/overlays/openshift";
const CONSTRAINTS = `SecurityContextConstraints/${RELEASE}`;
const OWN = { openshift: { securityContextConstraints: { create: true } } };

describe("chart: OpenShift", () => {
  let folder: string;
  let chart: string;
  let overlay: Objects;

  before(async function () {
    const run = goTools(this, "kustomize");
    const { status, stdout, stderr } = run("kustomize", ["build", OVERLAY]);
    expect(status, stderr).to.equal(0);
    overlay = objectsOf(stdout);
    folder = await mkdtemp(path.join(tmpdir(), "chart-"));
    chart = await copyChart(folder);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const make = (linux: Tree): Promise<Objects> =>
    render(chart, { linux: { ...OWN, ...linux }, "secrets-store-csi-driver": { install: false } });

  it("brings what the overlay brings, by the same names", async () => {
    const objects = await make({});
    for (const key of [CONSTRAINTS, `Role/${RELEASE}-scc`, `RoleBinding/${RELEASE}-scc`]) {
      expect(withoutPlace(objects, key), key).to.deep.equal(withoutPlace(overlay, key));
      expect(objects.get(key), key).to.not.equal(undefined);
    }
    expect(annotationsOf(objects.get(CONSTRAINTS))).to.deep.equal(annotationsOf(overlay.get(CONSTRAINTS)));
    expect(annotationsOf(objects.get(CONSTRAINTS))).to.have.property("kubernetes.io/description");
  });

  it("gives the pods what the overlay gives them", async () => {
    const objects = await make({});
    expect(podOf(objects).metadata.annotations).to.deep.equal(podOf(overlay).metadata.annotations);
    expect(podOf(objects).spec.securityContext).to.deep.equal(podOf(overlay).spec.securityContext);
    expect(podOf(objects).spec.securityContext).to.deep.include({ seLinuxOptions: { type: "spc_t" } });
  });

  it("asks for its own constraints whatever the pods' annotations say; another SELinux type stays", async () => {
    const pod = podOf(
      await make({
        podAnnotations: { a: "b", "openshift.io/required-scc": "privileged" },
        podSecurityContext: { seLinuxOptions: { type: "container_t" } },
      }),
    );
    expect(pod.metadata.annotations).to.deep.equal({ a: "b", "openshift.io/required-scc": RELEASE });
    expect(pod.spec.securityContext).to.deep.include({ seLinuxOptions: { type: "container_t" } });
  });

  it("allows the node's network only to pods that use it, and the kinds of volumes that they are given", async () => {
    const constraints = (
      await make({
        hostNetwork: false,
        volumes: [
          { name: "a", emptyDir: {} },
          { name: "b", configMap: { name: "b" } },
        ],
      })
    ).get(CONSTRAINTS);
    expect(constraints).to.deep.include({
      allowHostNetwork: false,
      allowHostPorts: false,
      volumes: ["hostPath", "projected", "configMap", "secret", "emptyDir"],
    });
  });

  it("makes none without being asked, or without pods for Linux", async () => {
    for (const linux of [{ openshift: null }, { enabled: false }]) {
      expect([...(await make(linux)).keys()].join()).not.to.match(/SecurityContextConstraints|Role/);
    }
  });
});

/** An object without what the chart alone has in its metadata, and without the namespace, which is another. */
function withoutPlace(objects: Objects, key: string): unknown {
  const { metadata, ...rest } = objects.get(key) ?? {};
  const { name } = metadata as { name: string };
  const text = JSON.stringify({ name, ...rest });
  return JSON.parse(text.replaceAll(/"namespace":"[^"]*"/g, '"namespace":""'));
}

function annotationsOf(object: Tree | undefined): unknown {
  return (object?.["metadata"] as { annotations?: unknown } | undefined)?.annotations;
}

interface PodTemplate {
  readonly metadata: { readonly annotations: unknown };
  readonly spec: { readonly securityContext: unknown };
}

function podOf(objects: Objects): PodTemplate {
  const { template } = objects.get(`DaemonSet/${RELEASE}`)?.["spec"] as { template: PodTemplate };
  return template;
}
