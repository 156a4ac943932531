import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { CLOUD_HOSTS, STACK } from "../support/cloud-hosts.js";
import { startImds } from "../../emulator/imds/imds-double.js";
import { startNmi } from "../../emulator/nmi/nmi-double.js";
import { startTokenProxy } from "../../emulator/token-proxy/token-proxy-double.js";
import { KNOWN_CLOUDS, playCustomCloud } from "../../emulator/clouds.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { Pod, PodIdentityMode } from "../support/pod.js";
import { NodeWorld } from "./support/node-world.js";
import { removeServiceAccount, writeClusterAuthority } from "./support/service-account.js";

const API_SERVER = "kubernetes.default.svc.cluster.local";

/** Without a proxy, so that the provider itself looks up every name: at a name server that lists them. */
describe("every name that is looked up, and every connection", () => {
  let node: NodeWorld;
  let environmentFile: string;

  before(async () => {
    node = await NodeWorld.start({
      hasProxy: false,
      emulator: { clouds: [{ authorityHosts: [STACK.authority], vaultSuffix: STACK.suffix }] },
    });
    node.dns.set(API_SERVER, "10.0.0.1");
    environmentFile = path.join(node.world.folder, "stack.json");
    await writeFile(
      environmentFile,
      JSON.stringify({
        name: "AzureStackCloud",
        activeDirectoryEndpoint: `https://${STACK.authority}/`,
        keyVaultEndpoint: `https://${STACK.suffix}/`,
        keyVaultDNSSuffix: STACK.suffix,
      }),
    );
  });
  after(async () => {
    await removeServiceAccount();
    await node.stop();
  });

  function preparedPod(identity: PodIdentityMode, suffix: string): Pod {
    const pod = node.pod({ identity, suffix });
    pod.plantSecret("one");
    node.dns.set(pod.vault.host, "127.0.0.1");
    return pod;
  }

  /** Names may have been looked up before, and be remembered: so these are the only ones, not all of them. */
  function expectOnly(names: readonly string[], allowed: readonly string[]): void {
    expect(names.filter((name) => !allowed.includes(name))).to.deep.equal([]);
  }

  for (const { cloudName, authority, suffix } of CLOUD_HOSTS) {
    const inCloud = (): Record<string, string> => ({
      cloudName,
      ...(cloudName === "AzureStackCloud" ? { cloudEnvFileName: environmentFile } : {}),
    });

    for (const identity of ["workload-identity", "service-principal"] as const) {
      it(`${cloudName}, ${identity}: its authority and the vault`, async () => {
        const pod = preparedPod(identity, suffix);
        node.dns.set(authority, "127.0.0.1");
        const contacts = await node.contactsDuring(() =>
          pod.mount({ objects: secretYaml("one"), parameters: inCloud() }),
        );
        expect(contacts.names).to.include(pod.vault.host);
        expectOnly(contacts.names, [authority, pod.vault.host]);
        expect(contacts).to.deep.include({ byProxy: [], elsewhere: 0 });
      });
    }

    describe(`${cloudName}, by the services of node and cluster: no authority`, () => {
      let close: () => Promise<void>;
      let assign: (pod: Pod) => void;
      before(async () => {
        const directory = node.world.emulator.entra;
        const cloud =
          KNOWN_CLOUDS.find(({ name }) => name === cloudName) ??
          playCustomCloud({ authorityHosts: [authority], vaultSuffix: suffix });
        const options = { directory, cloud };
        const imds = node.add(await startImds({ ...options, listenOn: "169.254.169.254", port: 80 }));
        const nmi = node.add(await startNmi({ ...options, port: 2579 }));
        const cluster = node.add(
          await startTokenProxy({
            ...options,
            issuerUrl: node.world.issuerUrl,
            listenOn: "10.0.0.1",
            port: 443,
          }),
        );
        await writeClusterAuthority(cluster.clusterCaPem);
        assign = (pod) => {
          imds.identities.assignUser(pod.application.principal, pod.name);
          nmi.assign(pod, pod.application.principal);
          cluster.bind(pod.application, pod);
        };
        close = async () => {
          await Promise.all([imds.close(), nmi.close(), cluster.close()]);
        };
      });
      after(() => close());

      for (const identity of ["managed-identity", "pod-identity", "identity-binding"] as const) {
        it(identity, async () => {
          const pod = preparedPod(identity, suffix);
          assign(pod);
          const contacts = await node.contactsDuring(() =>
            pod.mount({ objects: secretYaml("one"), parameters: inCloud() }),
          );
          expect(contacts.names).to.include(pod.vault.host);
          expectOnly(contacts.names, [
            ...(identity === "identity-binding" ? [API_SERVER] : []),
            pod.vault.host,
          ]);
          const { token, discovery } = node.world.emulator.requests.counts(
            ({ tenantId }) => tenantId === pod.tenantId,
          );
          expect({ token, discovery }).to.deep.equal({ token: 0, discovery: 0 });
          expect(contacts).to.deep.include({ byProxy: [], elsewhere: 0 });
        });
      }
    });
  }
});
