import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveCloud, vaultUrl } from "../../../src/cloud/resolve-cloud.js";
import { ProviderError } from "../../../src/errors/provider-error.js";
import type { CloudName } from "../../../src/model/cloud.js";

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(ProviderError);
  return outcome as ProviderError;
}

describe("cloud/resolve-cloud resolveCloud", () => {
  const table: { name: CloudName; authority: string; vault: string; scope: string }[] = [
    {
      name: "AzurePublicCloud",
      authority: "https://login.microsoftonline.com",
      vault: "https://demo.vault.azure.net/",
      scope: "https://vault.azure.net/.default",
    },
    {
      name: "AzureUSGovernmentCloud",
      authority: "https://login.microsoftonline.us",
      vault: "https://demo.vault.usgovcloudapi.net/",
      scope: "https://vault.usgovcloudapi.net/.default",
    },
    {
      name: "AzureChinaCloud",
      authority: "https://login.chinacloudapi.cn",
      vault: "https://demo.vault.azure.cn/",
      scope: "https://vault.azure.cn/.default",
    },
    {
      name: "AzureGermanCloud",
      authority: "https://login.microsoftonline.de",
      vault: "https://demo.vault.microsoftazure.de/",
      scope: "https://vault.microsoftazure.de/.default",
    },
  ];
  for (const { name, authority, vault, scope } of table) {
    it(`${name}, whatever environment file is named`, async () => {
      const cloud = await resolveCloud({ name, environmentFile: "/absent" }, "/absent");
      expect(cloud).to.include({ name, authorityHost: authority, vaultScope: scope });
      expect(vaultUrl(cloud, "Demo")).to.equal(vault);
    });
  }

  describe("AzureStackCloud", () => {
    let folder = "";
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "clouds-"));
    });
    afterEach(async () => {
      await rm(folder, { recursive: true });
    });

    const write = async (file: string, suffix: string): Promise<string> => {
      const path = join(folder, file);
      const environment = { activeDirectoryEndpoint: "https://login.example/", keyVaultDNSSuffix: suffix };
      await writeFile(path, JSON.stringify(environment));
      return path;
    };
    const suffixOf = async (environmentFile: string, providersFile?: string): Promise<string> => {
      const selection = { name: "AzureStackCloud", environmentFile } as const;
      return (await resolveCloud(selection, providersFile)).vaultDnsSuffix;
    };

    it("reads the class's file, else the provider's", async () => {
      const own = await write("own.json", "own.example");
      const common = await write("common.json", "common.example:8443");
      expect(await suffixOf(own, common)).to.equal("own.example");
      expect(await suffixOf("", common)).to.equal("common.example:8443");
      expect(
        vaultUrl(await resolveCloud({ name: "AzureStackCloud", environmentFile: common }, undefined), "demo"),
      ).to.equal("https://demo.common.example:8443/");
    });

    it("keeps the files of racing classes apart, and leaves nothing behind", async () => {
      const paths = await Promise.all(
        Array.from({ length: 40 }, (_, i) => write(`${String(i)}.json`, `s${String(i)}.example`)),
      );
      const common = await write("common.json", "common.example");
      const found = await Promise.all(
        paths.flatMap((path) => [suffixOf(path, common), suffixOf("", common)]),
      );
      expect(found).to.deep.equal(paths.flatMap((_, i) => [`s${String(i)}.example`, "common.example"]));
    });

    it("sees a changed file at once", async () => {
      const path = await write("own.json", "before.example");
      expect(await suffixOf(path)).to.equal("before.example");
      await write("own.json", "after.example");
      expect(await suffixOf(path)).to.equal("after.example");
    });

    it("says where to name a file when there is none", async () => {
      const failure = await failureOf(suffixOf(""));
      expect(failure.code).to.equal("CLOUD_FILE_INVALID");
      expect(failure.message).to.equal(
        "cloudName AzureStackCloud needs an environment file; name it in parameters.cloudEnvFileName, or for the " +
          "whole provider in AZURE_ENVIRONMENT_FILEPATH",
      );
    });

    it("says which file is wrong, by whose setting, and nothing of its content", async () => {
      const path = join(folder, "a.json");
      await writeFile(path, "root:x:0:0:SECRET");
      for (const [failure, source] of [
        [await failureOf(suffixOf(path)), "cloudEnvFileName"],
        [await failureOf(suffixOf("", path)), "AZURE_ENVIRONMENT_FILEPATH"],
      ] as const) {
        expect(failure.code).to.equal("CLOUD_FILE_INVALID");
        expect(failure.message).to.equal(
          `the environment file "${path}" of ${source} is not a JSON object; it must be the JSON of the Azure Stack ` +
            "environment, mounted into the provider's pod",
        );
        expect(failure.cause).to.equal(undefined);
      }
    });

    it("cuts and cleans a path that was meant to do harm", async () => {
      const failure = await failureOf(suffixOf(`/a"\n\u001b[31m\u202e${"b".repeat(100_000)}`));
      expect(failure.message.length).to.be.lessThan(500);
      expect(failure.message).to.match(
        /^the environment file "\/a\\"\\n\\u\{1b\}\[31m\\u\{202e\}b+…" of cloudEnvFileName is too long;/,
      );
    });
  });
});
