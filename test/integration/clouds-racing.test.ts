import { randomUUID } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { World } from "../support/world.js";

interface Stack {
  readonly authority: string;
  readonly suffix: string;
  /** What access tokens are for, when it is not `https://<suffix>`. */
  readonly audience?: string;
}

const STACKS = {
  own: { authority: "login.own.example", suffix: "vault.own.example" },
  first: { authority: "login.first.example", suffix: "vault.first.example" },
  second: {
    authority: "login.second.example",
    suffix: "vault.second.example",
    audience: "https://vault.second.onmicrosoft.example/3f1e",
  },
} satisfies Record<string, Stack>;

const OBJECTS = secretYaml("one");
const ROUNDS = 12;

describe("clouds side by side", () => {
  let folder: string;
  let world: World;
  const fileOf = (name: string): string => path.join(folder, `${name}.json`);

  /** Writes the file as a ConfigMap's is replaced: at once. */
  async function write(name: string, { authority, suffix, audience }: Stack): Promise<void> {
    const text = JSON.stringify({
      activeDirectoryEndpoint: `https://${authority}/`,
      keyVaultEndpoint: `https://${suffix}/`,
      keyVaultDNSSuffix: `.${suffix}`,
      ...(audience === undefined ? {} : { resourceIdentifiers: { keyVault: audience } }),
    });
    const draft = `${fileOf(name)}.${randomUUID()}`;
    await writeFile(draft, text);
    await rename(draft, fileOf(name));
  }

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-clouds-"));
    for (const [name, stack] of Object.entries(STACKS)) await write(name, stack);
    world = await World.start({
      flags: ["--cloud-name", "AzureStackCloud"],
      env: { AZURE_ENVIRONMENT_FILEPATH: fileOf("own") },
      emulator: {
        clouds: Object.entries(STACKS).map(([name, stack]: [string, Stack]) => ({
          name,
          authorityHosts: [stack.authority],
          vaultSuffix: stack.suffix,
          ...(stack.audience === undefined ? {} : { vaultAudience: stack.audience }),
        })),
      },
    });
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  /** Mounts, and holds every request of the pod against its own cloud. */
  async function mountIn(
    { authority, suffix }: Stack,
    parameters: Record<string, string>,
    pod: Pod = world.pod({ suffix }),
  ): Promise<void> {
    const value = pod.plantSecret("one");
    const { files } = await pod.mount({ objects: OBJECTS, parameters });
    expect(files.get("one")?.text).to.equal(value);
    expect(hostsOf(pod)).to.deep.equal([authority, pod.vault.host].sort());
  }

  /** Whom the provider asked in this pod's tenant or for its vault. */
  const hostsOf = (pod: Pod): string[] => {
    const hosts = world.emulator.requests
      .filter(({ tenantId, vault, host }) =>
        [tenantId === pod.tenantId, vault === pod.vault.name, host === pod.vault.host].includes(true),
      )
      .map(({ host }) => host);
    return [...new Set(hosts)].sort();
  };

  const publicCloud = { authority: "login.microsoftonline.com", suffix: "vault.azure.net" };
  const china = { authority: "login.chinacloudapi.cn", suffix: "vault.azure.cn" };

  it("files of classes, none, the process's own, other clouds and wrong files: each pod gets its own cloud", async () => {
    const wrong = path.join(folder, "wrong.json");
    await writeFile(wrong, "{");
    const kinds: (() => Promise<void>)[] = [
      () => mountIn(STACKS.first, { cloudEnvFileName: fileOf("first") }),
      () => mountIn(STACKS.second, { cloudName: "AZURESTACKCLOUD", cloudEnvFileName: fileOf("second") }),
      () => mountIn(STACKS.own, {}),
      () => mountIn(STACKS.own, { cloudName: "azurestackcloud", cloudEnvFileName: " " }),
      () => mountIn(publicCloud, { cloudName: "AzurePublicCloud" }),
      () => mountIn(china, { cloudName: "AzureChinaCloud", cloudEnvFileName: fileOf("first") }),
      async () => {
        const pod = world.pod({ suffix: STACKS.own.suffix });
        const { status, message } = await pod.mountError({
          objects: OBJECTS,
          parameters: { cloudEnvFileName: wrong },
        });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.include("cloudEnvFileName");
        expect(hostsOf(pod)).to.deep.equal([]);
      },
    ];
    await Promise.all(Array.from({ length: ROUNDS }, () => kinds.map((mountOne) => mountOne())).flat());
  });

  it("one tenant, client and vault name in three clouds at the same time: three sign-ins, three vaults", async () => {
    const pods = Object.values(STACKS).map(({ suffix }) => world.pod({ suffix }));
    const [template] = pods;
    if (template === undefined) throw new Error("there is no pod");
    const values = Object.entries(STACKS).map(([name, { suffix }]) => {
      const vault = world.emulator.vault("kv-of-all", { tenantId: template.tenantId, suffix });
      vault.grantAll(template.clientId);
      const value = `value of ${name}`;
      vault.setSecret("one", value);
      return value;
    });
    for (let round = 0; round < 5; round += 1) {
      const mounted = await Promise.all(
        Object.keys(STACKS).map((name) =>
          template.mount({
            objects: OBJECTS,
            parameters: { keyvaultName: "kv-of-all", cloudEnvFileName: fileOf(name) },
          }),
        ),
      );
      expect(mounted.map(({ files }) => files.get("one")?.text)).to.deep.equal(values);
    }
  });

  it("a file that changes counts from the next mount on, also while others are under way", async () => {
    await write("moving", STACKS.first);
    const parameters = { cloudEnvFileName: fileOf("moving") };
    await mountIn(STACKS.first, parameters);
    const underWay = Array.from({ length: 10 }, () =>
      mountIn(STACKS.second, { cloudEnvFileName: fileOf("second") }),
    );
    await write("moving", STACKS.second);
    await mountIn(STACKS.second, parameters);
    await Promise.all(underWay);
  });
});
