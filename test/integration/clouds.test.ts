import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import { World } from "../support/world.js";

const STACK_AUTHORITY = "adfs.stack.example";
const STACK_SUFFIX = "vault.stack.example";
const OTHER_AUTHORITY = "login.airgap.example";
const OTHER_SUFFIX = "vault.airgap.example";

describe("clouds", () => {
  let world: World;
  before(async () => {
    world = await World.start({
      emulator: {
        clouds: [
          { name: "stack", authorityHosts: [STACK_AUTHORITY], vaultSuffix: STACK_SUFFIX },
          { name: "airgap", authorityHosts: [OTHER_AUTHORITY], vaultSuffix: OTHER_SUFFIX },
        ],
      },
    });
  });
  after(async () => {
    await world.stop();
  });

  /** Writes an AzureStackCloud environment file. @returns its path */
  async function environmentFile(name: string, authority: string, suffix: string): Promise<string> {
    const file = path.join(world.folder, name);
    const settings = {
      name: "AzureStackCloud",
      activeDirectoryEndpoint: `https://${authority}/`,
      keyVaultEndpoint: `https://${suffix}/`,
      keyVaultDNSSuffix: suffix,
      managementPortalURL: "https://portal.stack.example/",
    };
    await writeFile(file, JSON.stringify(settings));
    return file;
  }

  describe("by name, each with its own authority and vaults", () => {
    const cases: [cloudName: string, authority: string, suffix: string][] = [
      ["AzurePublicCloud", "login.microsoftonline.com", "vault.azure.net"],
      ["AzureCloud", "login.microsoftonline.com", "vault.azure.net"],
      ["azurepubliccloud", "login.microsoftonline.com", "vault.azure.net"],
      ["", "login.microsoftonline.com", "vault.azure.net"],
      ["AzureUSGovernmentCloud", "login.microsoftonline.us", "vault.usgovcloudapi.net"],
      ["AZUREUSGOVERNMENT", "login.microsoftonline.us", "vault.usgovcloudapi.net"],
      ["AzureChinaCloud", "login.chinacloudapi.cn", "vault.azure.cn"],
      ["azurechinacloud", "login.chinacloudapi.cn", "vault.azure.cn"],
      ["AzureGermanCloud", "login.microsoftonline.de", "vault.microsoftazure.de"],
      ["AZUREGERMANCLOUD", "login.microsoftonline.de", "vault.microsoftazure.de"],
      [" AzureUSGovernment ", "login.microsoftonline.us", "vault.usgovcloudapi.net"],
      ["AZURECLOUD", "login.microsoftonline.com", "vault.azure.net"],
    ];
    for (const [cloudName, authority, suffix] of cases) {
      it(`${JSON.stringify(cloudName)} signs in at ${authority}`, async () => {
        const pod = world.pod({ suffix });
        const value = pod.plantSecret("password");
        const { files } = await pod.mount({ objects: secretYaml("password"), parameters: { cloudName } });
        expect(files.get("password")?.text).to.equal(value);
        const hosts = world.emulator.requests
          .filter(({ tenantId }) => tenantId === pod.tenantId)
          .map(({ host }) => host);
        expect([...new Set(hosts)].sort()).to.deep.equal([authority, pod.vault.host].sort());
      });
    }

    it("a name that is none of them says which there are", async () => {
      const { status, message } = await world
        .pod()
        .mountError({ objects: secretYaml("a"), parameters: { cloudName: "AzureMoonCloud" } });
      expect(status).to.equal("INVALID_ARGUMENT");
      for (const name of [
        "AzureMoonCloud",
        "AzurePublicCloud",
        "AzureUSGovernmentCloud",
        "AzureStackCloud",
      ]) {
        expect(message).to.contain(name);
      }
    });
  });

  describe("AzureStackCloud by cloudEnvFileName", () => {
    it("signs in and reads where the file says, and nowhere else", async () => {
      const pod = world.pod({ suffix: STACK_SUFFIX });
      const value = pod.plantSecret("password");
      world.emulator.requests.reset();
      const { files } = await pod.mount({
        objects: secretYaml("password"),
        parameters: {
          cloudName: "azurestackcloud",
          cloudEnvFileName: ` ${await environmentFile("stack.json", STACK_AUTHORITY, STACK_SUFFIX)} `,
        },
      });
      expect(files.get("password")?.text).to.equal(value);
      expect(new Set(world.emulator.requests.hosts())).to.deep.equal(
        new Set([STACK_AUTHORITY, pod.vault.host]),
      );
    });

    it("is read for each request: classes of two clouds at the same time keep apart", async () => {
      const files = {
        stack: await environmentFile("one.json", STACK_AUTHORITY, STACK_SUFFIX),
        airgap: await environmentFile("two.json", OTHER_AUTHORITY, OTHER_SUFFIX),
      };
      const mounts = Array.from({ length: 20 }, async (_, i) => {
        const isStack = i % 2 === 0;
        const pod = world.pod({ suffix: isStack ? STACK_SUFFIX : OTHER_SUFFIX });
        const value = pod.plantSecret("password");
        const mounted = await pod.mount({
          objects: secretYaml("password"),
          parameters: {
            cloudName: "AzureStackCloud",
            cloudEnvFileName: isStack ? files.stack : files.airgap,
          },
        });
        expect(mounted.files.get("password")?.text).to.equal(value);
      });
      await Promise.all(mounts);
    });

    it("does not leak to a later class that names no file", async () => {
      const pod = world.pod({ suffix: STACK_SUFFIX });
      pod.plantSecret("password");
      const cloudEnvFileName = await environmentFile("leak.json", STACK_AUTHORITY, STACK_SUFFIX);
      const input = { objects: secretYaml("password"), parameters: { cloudName: "AzureStackCloud" } };
      await pod.mount({ ...input, parameters: { ...input.parameters, cloudEnvFileName } });
      const { status, message } = await pod.mountError(input);
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("cloudEnvFileName");
    });

    it("beside another cloud is not read", async () => {
      const pod = world.pod();
      pod.plantSecret("password");
      await pod.mount({
        objects: secretYaml("password"),
        parameters: { cloudName: "AzurePublicCloud", cloudEnvFileName: "/nonexistent" },
      });
    });

    const wrongFiles: [string, string][] = [
      ["no JSON", "hush-a-planted-value-x: yes"],
      ["half a JSON object", '{"activeDirectoryEndpoint":"hush-a-planted-value-x'],
      ["a list", '["hush-a-planted-value-x"]'],
      ["null", "null"],
      ["without endpoints", '{"name":"hush-a-planted-value-x"}'],
      [
        "an authority over plain http",
        JSON.stringify({
          activeDirectoryEndpoint: "http://hush-a-planted-value-x/",
          keyVaultDNSSuffix: STACK_SUFFIX,
        }),
      ],
      [
        "an authority that is no URL",
        JSON.stringify({
          activeDirectoryEndpoint: "hush-a-planted-value-x",
          keyVaultDNSSuffix: STACK_SUFFIX,
        }),
      ],
      [
        "a suffix with a path",
        JSON.stringify({
          activeDirectoryEndpoint: `https://${STACK_AUTHORITY}/`,
          keyVaultDNSSuffix: "evil.example/hush-a-planted-value-x?",
        }),
      ],
      [
        "endpoints that are no text",
        JSON.stringify({ activeDirectoryEndpoint: { "hush-a-planted-value-x": 1 }, keyVaultDNSSuffix: 7 }),
      ],
      [
        "__proto__ with the endpoints",
        `{"__proto__":{"activeDirectoryEndpoint":"https://${STACK_AUTHORITY}/"}}`,
      ],
    ];
    for (const [name, content] of wrongFiles) {
      it(`a file that is ${name} is refused without a word of it`, async () => {
        const file = path.join(world.folder, "wrong.json");
        await writeFile(file, content);
        const { status, message } = await world.pod({ suffix: STACK_SUFFIX }).mountError({
          objects: secretYaml("a"),
          parameters: { cloudName: "AzureStackCloud", cloudEnvFileName: file },
        });
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("cloudEnvFileName");
      });
    }
  });

  it("no bearer token goes to a host outside the cloud's own suffix", async () => {
    // A vault's name with a dot would leave the suffix's first level.
    const pod = world.pod();
    await pod.mountError({ objects: secretYaml("a"), parameters: { keyvaultName: "evil.example" } });
    expect(world.emulator.requests.hosts()).not.to.contain("evil.example.vault.azure.net");
  });
});

describe("the cloud of the process", () => {
  it("--cloud-name is the cloud of a class that names none, and a class that names one wins", async () => {
    const world = await World.start({ flags: ["--cloud-name", "azurechinacloud"] });
    try {
      const there = world.pod({ suffix: "vault.azure.cn" });
      const value = there.plantSecret("password");
      expect((await there.mount(secretYaml("password"))).files.get("password")?.text).to.equal(value);
      const here = world.pod();
      here.plantSecret("password");
      await here.mount({ objects: secretYaml("password"), parameters: { cloudName: "AzurePublicCloud" } });
    } finally {
      await world.stop();
    }
  });

  it("AZURE_ENVIRONMENT_FILEPATH is the file of a class that names none", async () => {
    const folder = path.join("/tmp", `azure-provider-environment-${process.pid}.json`);
    await writeFile(
      folder,
      JSON.stringify({
        activeDirectoryEndpoint: `https://${STACK_AUTHORITY}/`,
        keyVaultEndpoint: `https://${STACK_SUFFIX}/`,
        keyVaultDNSSuffix: STACK_SUFFIX,
      }),
    );
    const world = await World.start({
      env: { AZURE_ENVIRONMENT_FILEPATH: folder },
      emulator: { clouds: [{ authorityHosts: [STACK_AUTHORITY], vaultSuffix: STACK_SUFFIX }] },
    });
    try {
      const pod = world.pod({ suffix: STACK_SUFFIX });
      const value = pod.plantSecret("password");
      const { files } = await pod.mount({
        objects: secretYaml("password"),
        parameters: { cloudName: "AzureStackCloud" },
      });
      expect(files.get("password")?.text).to.equal(value);
    } finally {
      await world.stop();
    }
  });
});
