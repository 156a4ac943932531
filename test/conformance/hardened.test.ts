import { expect } from "chai";
import { api, pathOf } from "./support/api.js";
import { apply, eventSays, isReady, podsOf } from "./support/cluster.js";
import { PROVIDER_LABEL } from "./support/diagnosis.js";
import { execInPod, kubectl } from "./support/kubectl.js";
import type { Manifest } from "./support/objects.js";
import { Scene } from "./support/scene.js";
import { eventually } from "./support/wait.js";
import { ourManifest, ourOverlay, overlayFolder } from "./moving/manifests.js";
import { NodeSockets } from "./moving/node-sockets.js";
import { Parked } from "./moving/parked.js";
import { Readers } from "./moving/readers.js";
import { rolledOut } from "./moving/rolled-out.js";
import { bringVaultTrust, withVaultTrust } from "./moving/vault-trust.js";
import type { VaultTrust } from "./moving/vault-trust.js";

const APP = "csi-secrets-store-provider-azure";
const NODE = "/usr/local/bin/node";
/** Where `azure.sock` leads while the provider runs as uid 65532. */
const INNER = "azure/azure.sock";
const NO_CAPABILITY = "0000000000000000";

/** The overlays of manifests/kustomize that change how the provider's process runs. */
describe("kustomize overlays, installed", () => {
  let parked: Parked;
  let scene: Scene;
  let namespace: string;
  let trust: VaultTrust;
  let sockets: NodeSockets;
  let readers: Readers;

  before(async () => {
    parked = await Parked.park(PROVIDER_LABEL);
    scene = await Scene.open("overlays");
    namespace = await scene.addNamespace("provider");
    trust = await bringVaultTrust(namespace);
    sockets = await NodeSockets.open(scene.namespace);
    readers = await Readers.open(scene);
  });
  after(async () => {
    await scene.close();
    await parked.back();
  });

  /** As shipped, but for the image's name and the embedded vault's addresses. Waits until its pods are ready. */
  async function install(manifests: readonly Manifest[]): Promise<void> {
    await apply(namespace, ...withVaultTrust(manifests, trust));
    await rolledOut(namespace, APP);
  }

  async function uninstall(overlay: string): Promise<void> {
    await kubectl(["delete", "-n", namespace, "-k", overlayFolder(overlay)]);
    await eventually(
      "the provider's pods are gone",
      async () => (await podsOf(namespace, PROVIDER_LABEL)).length === 0,
      { limitMs: 120_000 },
    );
  }

  /** A new pod starts, all get a changed value, and none has ever missed its file. */
  async function serves(): Promise<void> {
    await readers.start();
    await readers.allReady();
    await readers.rotate();
    await readers.missedNothing();
  }

  /** `/proc/1/status` of the one ready provider: name of a line → its text. */
  async function process(): Promise<Record<string, string>> {
    const [pod] = (await podsOf(namespace, PROVIDER_LABEL)).filter(isReady);
    const print = 'process.stdout.write(require("node:fs").readFileSync("/proc/1/status", "utf8"))';
    const status = await execInPod(namespace, pod?.metadata.name ?? "", [NODE, "-e", print], {
      container: "provider-azure-installer",
    });
    const lines = status.split("\n").map((line) => line.split(":\t"));
    return Object.fromEntries(lines.map(([name = "", ...text]) => [name, text.join()]));
  }

  describe("hardened-non-root", () => {
    it("takes over from the plain manifest, applied over it: azure.sock becomes a link, and no pod misses its file", async () => {
      await install(ourManifest());
      expect(await sockets.stat("azure.sock")).to.equal("socket, 0:0, 700");
      await readers.start();
      await readers.allReady();
      await readers.whileStarting(async () => {
        await install(await ourOverlay("hardened-non-root"));
      });
      expect(await sockets.linkTo("azure.sock")).to.equal(INNER);
      await serves();
    });

    it("its process is uid 65532, without a capability; it alone may write its folder, and only root beside it", async () => {
      const { Uid, Gid, NoNewPrivs, ...status } = await process();
      expect({ Uid, Gid, NoNewPrivs }).to.deep.equal({
        Uid: "65532\t65532\t65532\t65532",
        Gid: "65532\t65532\t65532\t65532",
        NoNewPrivs: "1",
      });
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
        expect(status[set], set).to.equal(NO_CAPABILITY);
      }
      expect(await sockets.stat("azure")).to.equal("directory, 0:65532, 770");
      expect(await sockets.stat(INNER)).to.equal("socket, 65532:65532, 700");
    });

    it("gives back to the plain manifest, applied over it: azure.sock is a socket again, the folder stays behind, empty", async () => {
      await readers.whileStarting(async () => {
        await install(ourManifest());
      });
      expect(await sockets.stat("azure.sock")).to.equal("socket, 0:0, 700");
      expect(await sockets.list("azure")).to.deep.equal([]);
      expect((await process())["Uid"]).to.equal("0\t0\t0\t0");
      await serves();
    });

    it("kubectl delete -k: pods keep their files; the link, which leads nowhere, and the folder stay behind", async () => {
      await install(await ourOverlay("hardened-non-root"));
      await uninstall("hardened-non-root");
      await onlyTheLinkIsLeft();
      await readers.missedNothing();
    });

    it("another installation as root puts its socket in the link's place", async () => {
      await parked.back();
      expect(await sockets.stat("azure.sock")).to.equal("socket, 0:0, 700");
      await serves();
    });

    it("beside that it waits for the node's ports, and takes over when it has gone", async () => {
      await apply(namespace, ...withVaultTrust(await ourOverlay("hardened-non-root"), trust));
      const [waiting] = await eventually("there is a pod", async () => {
        const pods = await podsOf(namespace, PROVIDER_LABEL);
        return pods.length > 0 && pods;
      });
      await eventSays(namespace, waiting?.metadata.name ?? "", "FailedScheduling", "free ports");
      expect(await sockets.stat("azure.sock")).to.equal("socket, 0:0, 700");
      await parked.again();
      await rolledOut(namespace, APP);
      expect(await sockets.linkTo("azure.sock")).to.equal(INNER);
      await readers.start();
      await readers.allReady();
      await readers.missedNothing();
    });

    it("what it leaves behind may be removed", async () => {
      await uninstall("hardened-non-root");
      await onlyTheLinkIsLeft();
      await sockets.remove("azure.sock");
      await sockets.removeFolder("azure");
      expect(await sockets.list()).to.not.include.oneOf(["azure", "azure.sock"]);
      await readers.missedNothing();
    });

    async function onlyTheLinkIsLeft(): Promise<void> {
      expect(await sockets.linkTo("azure.sock")).to.equal(INNER);
      expect(await sockets.list("azure")).to.deep.equal([]);
    }
  });

  describe("workload-identity", () => {
    it("mounts from a network of its own", async () => {
      await install(await ourOverlay("workload-identity"));
      for (const { status, spec } of await podsOf(namespace, PROVIDER_LABEL)) {
        const { hostIP } = status as { hostIP?: string };
        expect(spec).to.not.have.property("hostNetwork");
        expect(status.podIP).to.be.a("string").that.does.not.equal(hostIP);
      }
      await serves();
    });

    it("kubectl delete -k: pods keep their files, nothing is left on the node, and the driver stays", async () => {
      await uninstall("workload-identity");
      expect(await sockets.list()).to.not.include("azure.sock");
      await readers.missedNothing();
      await api.get(pathOf("storage.k8s.io/v1", "csidrivers", undefined, "secrets-store.csi.k8s.io"));
    });
  });
});
