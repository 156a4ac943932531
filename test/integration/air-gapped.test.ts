import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { CLOUD_HOSTS, STACK } from "../support/cloud-hosts.js";
import { secretYaml } from "../support/objects-yaml.js";
import { freePorts } from "../support/provider-process.js";
import { RecordedNetwork } from "../support/recorded-network.js";
import { World } from "../support/world.js";

describe("air-gapped: every name looked up and every connection made is the cloud's own", () => {
  let folder: string;
  let network: RecordedNetwork;
  let world: World;
  let environmentFile: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-air-gapped-"));
    environmentFile = path.join(folder, "stack.json");
    await writeFile(
      environmentFile,
      JSON.stringify({
        activeDirectoryEndpoint: `https://${STACK.authority}/`,
        keyVaultDNSSuffix: STACK.suffix,
        managementPortalURL: "https://portal.stack.example/",
        resourceManagerEndpoint: "https://management.stack.example/",
        graphEndpoint: "https://graph.stack.example/",
      }),
    );
    const [port] = await freePorts();
    network = new RecordedNetwork(folder, { port });
    world = await World.start({
      env: { ...network.env, HTTPS_PROXY: "" },
      emulator: {
        port,
        clouds: [{ authorityHosts: [STACK.authority], vaultSuffix: STACK.suffix }],
      },
    });
  });
  after(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it("nothing is asked before the first mount", () => {
    expect(network.entries).to.deep.equal([]);
  });

  for (const { cloudName, authority, suffix } of CLOUD_HOSTS) {
    it(cloudName, async () => {
      network.reset();
      const vaults: string[] = [];
      for (const identity of ["workload-identity", "service-principal"] as const) {
        const pod = world.pod({ suffix, identity });
        const value = pod.plantSecret("one");
        const { files } = await pod.mount({
          objects: secretYaml("one"),
          parameters: {
            cloudName,
            ...(cloudName === "AzureStackCloud" ? { cloudEnvFileName: environmentFile } : {}),
          },
        });
        expect(files.get("one")?.text).to.equal(value);
        vaults.push(pod.vault.host);
      }
      expect(network.names).to.deep.equal([authority, ...vaults].sort());
      const connects = network.entries.filter(({ kind }) => kind === "connect" || kind === "datagram");
      expect([...new Set(connects.map(({ name, port }) => `${name}:${String(port)}`))].sort()).to.deep.equal(
        [authority, ...vaults].map((host) => `${host}:443`).sort(),
      );
    });
  }

  it("nor is anything but the cloud's own asked when sign-in is refused or the vault does not answer", async () => {
    network.reset();
    const suffix = "vault.azure.cn";
    const refused = world.pod({ suffix });
    await refused.mountError({
      objects: secretYaml("one"),
      parameters: { cloudName: "AzureChinaCloud", clientID: "00000000-0000-4000-8000-000000000000" },
    });
    const absent = world.pod({ suffix });
    world.emulator.removeVault(absent.vault.name, { suffix });
    await absent.mountError({ objects: secretYaml("one"), parameters: { cloudName: "AzureChinaCloud" } });
    expect(network.names.filter((name) => name !== "login.chinacloudapi.cn")).to.deep.equal([
      absent.vault.host,
    ]);
  });

  it("the record sees whatever a program could ask: a control", async () => {
    const program = `
      import dns, { lookup } from "node:dns";
      import dgram from "node:dgram";
      import net from "node:net";
      import http from "node:http";
      const quiet = () => undefined;
      lookup("one.example", quiet);
      dns.lookup("two.example", { all: true }, quiet);
      await dns.promises.lookup("three.example");
      dns.resolve4("four.example", quiet);
      await dns.promises.resolve6("five.example").catch(quiet);
      new dns.Resolver().resolveTxt("six.example", quiet);
      await new dns.promises.Resolver().resolve("seven.example").catch(quiet);
      net.connect(1, "eight.example").on("error", quiet);
      net.connect({ host: "169.254.169.254", port: 9, timeout: 1 }).on("error", quiet).destroy();
      http.get("http://nine.example:1/").on("error", quiet);
      await fetch("http://ten.example:2/").catch(quiet);
      dgram.createSocket("udp4").on("error", quiet).send("x", 9, "127.0.0.77", () => process.exit());
    `;
    const control = new RecordedNetwork(folder, { port: 1 });
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, ...control.env },
      timeout: 15_000,
    });
    expect(control.names).to.deep.equal(
      [
        ...["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"].map(
          (name) => `${name}.example`,
        ),
        "127.0.0.77",
        "169.254.169.254",
      ].sort(),
    );
  });
});
