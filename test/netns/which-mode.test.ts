import { expect } from "chai";
import type { Application } from "../../emulator/entra/application.js";
import { startImds, type ImdsDouble } from "../../emulator/imds/imds-double.js";
import { startNmi, type NmiDouble } from "../../emulator/nmi/nmi-double.js";
import { startTokenProxy, type TokenProxyDouble } from "../../emulator/token-proxy/token-proxy-double.js";
import { codeSpans, readTable } from "../support/markdown-table.js";
import { secretYaml } from "../support/objects-yaml.js";
import { BINDING_AUDIENCE, WORKLOAD_AUDIENCE, type MountInput, type Pod } from "../support/pod.js";
import { plant } from "../support/secrecy.js";
import { NodeWorld } from "./support/node-world.js";
import { removeServiceAccount, writeClusterAuthority } from "./support/service-account.js";

/** The modes as docs/identity.md names them; each class here would be let in by any of them, as another identity. */
const MODES = {
  "AAD Pod Identity": "byNmi",
  "VM managed identity, system-assigned": "ofNode",
  "VM managed identity, user-assigned": "assigned",
  "identity binding": "bound",
  "workload identity": "federated",
  "service principal": "secret",
} as const;

type Identities = Readonly<Record<(typeof MODES)[keyof typeof MODES], Application>>;

/** A pod to which every identity is open: by node, by cluster, by token and by Secret. */
interface OpenPod {
  readonly pod: Pod;
  readonly identities: Identities;
  readonly volume: NonNullable<MountInput["volume"]>;
}

describe("which parameters choose which mode, as docs/identity.md has it", () => {
  let node: NodeWorld;
  let imds: ImdsDouble;
  let nmi: NmiDouble;
  let cluster: TokenProxyDouble;
  let rows: Record<string, string>[];

  before(async () => {
    rows = await readTable("docs/identity.md", "What chooses which");
    node = await NodeWorld.start();
    const { emulator, issuerUrl } = node.world;
    const directory = emulator.entra;
    imds = node.add(await startImds({ directory, listenOn: "169.254.169.254", port: 80 }));
    nmi = node.add(await startNmi({ directory, port: 2579 }));
    cluster = node.add(await startTokenProxy({ directory, issuerUrl, listenOn: "10.0.0.1", port: 443 }));
    node.dns.set("kubernetes.default.svc.cluster.local", "10.0.0.1");
    await writeClusterAuthority(cluster.clusterCaPem);
  });
  after(async () => {
    await removeServiceAccount();
    await node.stop();
  });

  function openPod(): OpenPod {
    const pod = node.pod({ identity: "pod-identity" });
    pod.plantSecret("one");
    const { entra } = node.world.emulator;
    const tenant = entra.tenant(pod.tenantId);
    const names = Object.values(MODES);
    const identities = Object.fromEntries(
      names.map((name, i) => [
        name,
        tenant.application({
          clientId: `${String(i).repeat(8)}-0000-4000-8000-${pod.clientId.slice(-12)}`,
        }),
      ]),
    ) as Identities;
    const clientSecret = plant("client-secret");
    nmi.assign(pod, identities.byNmi.principal);
    imds.identities.assignSystem(identities.ofNode.principal);
    imds.identities.assignUser(identities.assigned.principal, pod.name);
    cluster.bind(identities.bound, pod);
    identities.federated.addFederatedCredential({ issuer: node.world.issuerUrl, subject: pod.subject });
    identities.secret.addSecret(clientSecret);
    for (const application of Object.values(identities)) pod.vault.grantAll(application.clientId);
    return {
      pod,
      identities,
      volume: {
        serviceAccountTokens: {
          ...pod.tokens(pod.serviceAccountToken(), WORKLOAD_AUDIENCE),
          ...pod.tokens(pod.serviceAccountToken({ audience: BINDING_AUDIENCE }), BINDING_AUDIENCE),
        },
        nodePublishSecret: { clientid: identities.secret.clientId, clientsecret: clientSecret },
      },
    };
  }

  /** The parameters of a row: `name: "value"`, or a name whose value is an id of the mode's own. */
  function parametersOf(row: Record<string, string>, { identities }: OpenPod): Record<string, string> {
    const mode = row["Mode"] ?? "";
    const ids: Record<string, string> = {
      clientID: (mode === "identity binding" ? identities.bound : identities.federated).clientId,
      userAssignedIdentityID: identities.assigned.clientId,
    };
    return Object.fromEntries(
      codeSpans(row["Parameters of the class"] ?? "").map((code) => {
        const [, name = code, value] = /^(\w+): "(.*)"$/.exec(code) ?? [];
        return [name, value ?? ids[name] ?? expect.fail(`no value for ${name}`)];
      }),
    );
  }

  /** Which mode a mount was made in, by who read the vault. */
  async function modeOf(open: OpenPod, parameters: Record<string, string>): Promise<string> {
    const { pod, identities, volume } = open;
    await pod.mount({
      objects: secretYaml("one"),
      parameters: { usePodIdentity: undefined, ...parameters },
      volume,
    });
    const { requests } = node.world.emulator;
    const [read, ...others] = requests.filter(
      ({ vault, kind }) => vault === pod.vault.name && kind === "read",
    );
    expect(others).to.deep.equal([]);
    const found = Object.entries(MODES).find(
      ([, name]) => identities[name].clientId === read?.principal?.clientId,
    );
    return found?.[0] ?? "none";
  }

  const modeRow = (mode: string): Record<string, string> =>
    rows.find((row) => row["Mode"] === mode) ?? expect.fail(`no row for ${mode}`);

  it("has a row for each mode, and one for none", () => {
    expect(rows.map((row) => row["Mode"]).toSorted()).to.deep.equal(
      [...Object.keys(MODES), "none: `IDENTITY_CONFLICT`"].toSorted(),
    );
  });

  for (const mode of Object.keys(MODES)) {
    it(`${mode}: with the parameters of its row`, async () => {
      const open = openPod();
      expect(await modeOf(open, parametersOf(modeRow(mode), open))).to.equal(mode);
    });

    it(`${mode}: also with those of every row below it, as far as they do not conflict`, async () => {
      const open = openPod();
      const row = modeRow(mode);
      const own = parametersOf(row, open);
      const isExplicit = Object.keys(own).some((name) => name.startsWith("use"));
      const below = rows.slice(rows.indexOf(row) + 1).map((other) => parametersOf(other, open));
      const more = Object.assign({}, ...below) as Record<string, string>;
      const added = Object.fromEntries(
        Object.entries(more).filter(
          ([name]) =>
            !(isExplicit && /^use[A-Z]/.test(name)) &&
            // This is the parameter by which the next row differs.
            !(mode === "VM managed identity, system-assigned" && name === "userAssignedIdentityID"),
        ),
      );
      expect(await modeOf(open, { ...added, ...own })).to.equal(mode);
    });
  }

  it("none: with more than one boolean", async () => {
    const open = openPod();
    const row = modeRow("none: `IDENTITY_CONFLICT`");
    const names = codeSpans(row["Parameters of the class"] ?? "");
    expect(names).to.have.length(3);
    const { status } = await open.pod.mountError({
      objects: secretYaml("one"),
      parameters: Object.fromEntries(names.map((name) => [name, "true"])),
      volume: open.volume,
    });
    expect(status).to.equal("INVALID_ARGUMENT");
  });
});
