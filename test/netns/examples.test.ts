import { startImds, type ImdsDouble } from "../../emulator/imds/imds-double.js";
import { startNmi, type NmiDouble } from "../../emulator/nmi/nmi-double.js";
import { startTokenProxy, type TokenProxyDouble } from "../../emulator/token-proxy/token-proxy-double.js";
import { describeExample } from "../manifests/support/describe-example.js";
import { EXAMPLES_OF_A_NODE } from "../manifests/support/example-mounts.js";
import { mayUseIdentity } from "../manifests/support/example-rights.js";
import type { ExampleSite } from "../manifests/support/example-site.js";
import { NodeWorld } from "./support/node-world.js";
import { removeServiceAccount, writeClusterAuthority } from "./support/service-account.js";

const API_SERVER_ADDRESS = "10.0.0.1";

describe("manifests/examples that need a node's own servers", () => {
  let node: NodeWorld;
  let imds: ImdsDouble;
  let nmi: NmiDouble;
  let cluster: TokenProxyDouble;

  before(async () => {
    node = await NodeWorld.start();
    const directory = node.world.emulator.entra;
    imds = node.add(await startImds({ directory, listenOn: "169.254.169.254", port: 80 }));
    nmi = node.add(await startNmi({ directory, port: 2579 }));
    node.dns.set("kubernetes.default.svc.cluster.local", API_SERVER_ADDRESS);
    cluster = node.add(
      await startTokenProxy({
        directory,
        issuerUrl: node.world.issuerUrl,
        listenOn: API_SERVER_ADDRESS,
        port: 443,
      }),
    );
    await writeClusterAuthority(cluster.clusterCaPem);
  });
  after(async () => {
    await removeServiceAccount();
    await node.stop();
  });

  /** Gives the pod the identity as its node or cluster would, where the example's own manifests say so. */
  const bind: ExampleSite["bind"] = (example, { plan: { identity, pod } }, application) => {
    switch (identity.mode) {
      case "managed-identity":
        if (identity.userAssignedIdentityId === "") imds.identities.assignSystem(application.principal);
        else imds.identities.assignUser(application.principal, example.name);
        break;
      case "pod-identity":
        nmi.assign(pod, application.principal);
        break;
      case "identity-binding":
        if (mayUseIdentity(example, pod.serviceAccountName, identity.clientId)) {
          cluster.bind(application, { namespace: pod.namespace, serviceAccount: pod.serviceAccountName });
        }
        break;
      case "workload-identity":
      case "service-principal":
        throw new Error(`${identity.mode} needs no server of a node`);
    }
  };

  for (const name of EXAMPLES_OF_A_NODE) describeExample(name, () => ({ world: node.world, bind }));
});
