import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { goTools } from "../support/go-tools.js";
import {
  expectHardened,
  expectKnownNames,
  NAME,
  providerContainer,
  PROVIDERS_FOLDER,
} from "../support/installer.js";
import { daemonSetOf, readManifests, type Container, type Manifest } from "../support/kubernetes.js";

const ROOT = "manifests/kustomize";
const BASE = `${ROOT}/base`;
const OVERLAYS = readdirSync(`${ROOT}/overlays`).map((name) => `${ROOT}/overlays/${name}`);
const PLAIN = "manifests/provider-azure-installer.yaml";

describe("kustomize", () => {
  let built: Map<string, Manifest[]>;
  const overlay = (name: string): Manifest[] => built.get(`${ROOT}/overlays/${name}`) ?? [];
  const podOf = (manifests: readonly Manifest[]) => daemonSetOf(manifests).spec.template.spec;

  before(function () {
    const run = goTools(this, "kustomize");
    built = new Map(
      [BASE, ...OVERLAYS, "manifests/monitoring"].map((folder) => {
        const { status, stdout, stderr } = run("kustomize", ["build", folder]);
        expect(status, stderr).to.equal(0);
        expect(stderr).to.equal("");
        return [folder, readManifests(stdout)];
      }),
    );
  });

  it("has the overlays that the documents name", () => {
    expect(OVERLAYS.map((folder) => path.basename(folder)).sort()).to.deep.equal([
      "hardened-non-root",
      "monitoring",
      "openshift",
      "workload-identity",
    ]);
  });

  it("builds on the plain installer", () => {
    expect(readFileSync(`${BASE}/provider-azure-installer.yaml`, "utf8")).to.equal(
      readFileSync(PLAIN, "utf8"),
    );
    expect(built.get(BASE)).to.deep.equal(readManifests(readFileSync(PLAIN, "utf8")));
  });

  for (const folder of [BASE, ...OVERLAYS]) {
    it(`${path.basename(folder)} keeps the names and labels that people know`, () => {
      const manifests = (built.get(folder) ?? []).filter(({ kind }) => kind !== "SecurityContextConstraints");
      expectKnownNames(manifests);
    });

    it(`${path.basename(folder)} is hardened and has no rights in the cluster`, () => {
      expectHardened(built.get(folder) ?? []);
    });
  }

  describe("workload-identity", () => {
    it("is off the node's network, and otherwise the base", () => {
      const { hostNetwork, dnsPolicy, ...rest } = podOf(overlay("workload-identity"));
      expect({ hostNetwork, dnsPolicy }).to.deep.equal({ hostNetwork: false, dnsPolicy: "ClusterFirst" });
      const { hostNetwork: before, dnsPolicy: alsoBefore, ...base } = podOf(built.get(BASE) ?? []);
      expect({ before, alsoBefore }).to.deep.equal({ before: true, alsoBefore: "ClusterFirstWithHostNet" });
      expect(rest).to.deep.equal(base);
    });

    it("has a patch of the driver's object with both audiences, and does not own that object", () => {
      const patch = parse(
        readFileSync(`${ROOT}/overlays/workload-identity/csidriver-patch.yaml`, "utf8"),
      ) as {
        spec: { tokenRequests: { audience: string }[]; requiresRepublish: boolean };
      };
      expect(patch.spec.requiresRepublish).to.equal(true);
      expect(patch.spec.tokenRequests.map(({ audience }) => audience)).to.deep.equal([
        "api://AzureADTokenExchange",
        "api://AKSIdentityBinding",
      ]);
      // `kubectl delete -k` would else take the driver with it.
      expect(overlay("workload-identity").map(({ kind }) => kind)).to.have.members([
        "ServiceAccount",
        "DaemonSet",
      ]);
    });
  });

  describe("openshift", () => {
    it("lets the provider's account alone use a constraint that allows no more than the pod asks for", () => {
      const manifests = overlay("openshift");
      const find = (kind: string) => manifests.find((one) => one.kind === kind) as unknown;
      expect(find("SecurityContextConstraints")).to.deep.include({
        allowPrivilegedContainer: false,
        allowPrivilegeEscalation: false,
        allowHostDirVolumePlugin: true,
        allowHostNetwork: true,
        allowHostPorts: true,
        allowHostIPC: false,
        allowHostPID: false,
        readOnlyRootFilesystem: true,
        requiredDropCapabilities: ["ALL"],
        allowedCapabilities: [],
        users: [],
        groups: [],
      });
      expect(find("Role"))
        .to.have.property("rules")
        .deep.equal([
          {
            apiGroups: ["security.openshift.io"],
            resources: ["securitycontextconstraints"],
            resourceNames: [NAME],
            verbs: ["use"],
          },
        ]);
      expect(find("RoleBinding"))
        .to.have.property("subjects")
        .deep.equal([{ kind: "ServiceAccount", name: NAME, namespace: "openshift-cluster-csi-drivers" }]);
      expect(podOf(manifests).securityContext?.seLinuxOptions).to.deep.equal({ type: "spc_t" });
    });

    it("asks for no kind of volume that its constraint does not allow", () => {
      const { volumes: allowed } = overlay("openshift").find(
        ({ kind }) => kind === "SecurityContextConstraints",
      ) as unknown as { volumes: string[] };
      const kinds = podOf(overlay("openshift"))
        .volumes.flatMap((volume) => Object.keys(volume))
        .filter((key) => key !== "name");
      expect(kinds).to.include("hostPath");
      expect(allowed).to.include.members(kinds);
    });
  });

  describe("monitoring", () => {
    it("is the base and all of manifests/monitoring", () => {
      expect(overlay("monitoring")).to.have.deep.members([
        ...(built.get(BASE) ?? []),
        ...(built.get("manifests/monitoring") ?? []),
      ]);
      expect(overlay("monitoring").map(({ kind }) => kind)).to.include.members([
        "PodMonitor",
        "PrometheusRule",
        "ConfigMap",
      ]);
    });
  });

  describe("hardened-non-root", () => {
    let first: Container;
    let node: string;
    let folder: string;
    before(() => {
      const found = podOf(overlay("hardened-non-root")).initContainers?.[0];
      if (found === undefined) throw new Error("no first container");
      first = found;
    });
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), "providers-"));
      node = process.execPath;
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /** What the first container runs, with its folder somewhere else. */
    function script(): string[] {
      const [program, ...args] = first.command ?? [];
      expect(program).to.equal("/usr/local/bin/node");
      return args.map((argument) => argument.replaceAll('"/providers', `"${folder}`));
    }

    it("runs the provider as another uid than root, and sees no other provider's socket", () => {
      const pod = podOf(overlay("hardened-non-root"));
      const { securityContext, volumeMounts } = providerContainer(daemonSetOf(overlay("hardened-non-root")));
      expect(securityContext).to.include({ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 });
      const mounted = volumeMounts?.map(
        ({ name }) => pod.volumes.find((volume) => volume.name === name)?.hostPath?.path,
      );
      expect(mounted?.filter((hostPath) => hostPath !== undefined)).to.deep.equal([
        `${PROVIDERS_FOLDER}/azure`,
      ]);
    });

    it("has a first container of the same image that is root of that group, within the providers' folder", () => {
      expect(first.image).to.equal(providerContainer(daemonSetOf(overlay("hardened-non-root"))).image);
      expect(first.securityContext).to.include({ runAsUser: 0, runAsGroup: 65532 });
      expect(first.volumeMounts).to.deep.equal([{ name: "providers-vol", mountPath: "/providers" }]);
      expect(podOf(overlay("hardened-non-root")).volumes).to.deep.include({
        name: "providers-vol",
        hostPath: { path: PROVIDERS_FOLDER },
      });
    });

    it("makes the folder and the link, and does not mind that they are there", () => {
      for (let times = 0; times < 2; times++) {
        const { status, stderr } = spawnSync(node, script(), { encoding: "utf8", timeout: 15_000 });
        expect(stderr).to.equal("");
        expect(status).to.equal(0);
        expect(statSync(`${folder}/azure`).mode & 0o7777).to.equal(0o770);
        expect(readlinkSync(`${folder}/azure.sock`)).to.equal("azure/azure.sock");
        expect(readdirSync(folder).sort()).to.deep.equal(["azure", "azure.sock"]);
      }
    });

    it("puts the link in the place of a socket that nobody serves", async () => {
      const dead = spawn(node, [
        "--eval",
        `require("net").createServer().listen(${JSON.stringify(`${folder}/azure.sock`)}, () => process.kill(process.pid, "SIGKILL"))`,
      ]);
      await once(dead, "exit");
      expect(lstatSync(`${folder}/azure.sock`).isSocket()).to.equal(true);
      expect(spawnSync(node, script(), { timeout: 15_000 }).status).to.equal(0);
      expect(readlinkSync(`${folder}/azure.sock`)).to.equal("azure/azure.sock");
    });

    it("leaves a socket alone that another provider serves, and says so", async () => {
      const server = createServer((socket) => socket.end()).listen(`${folder}/azure.sock`);
      await once(server, "listening");
      const child = spawn(node, script(), { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const [status] = (await once(child, "close")) as [number];
      expect(status).to.equal(1);
      expect(said).to.include("another provider serves azure.sock");
      expect(lstatSync(`${folder}/azure.sock`).isSocket()).to.equal(true);
      server.close();
    });
  });
});
