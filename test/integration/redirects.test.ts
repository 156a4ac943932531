import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { TrapServer } from "../support/trap-server.js";
import { World } from "../support/world.js";

const STACK_AUTHORITY = "login.stack.example";
const STACK_SUFFIX = "vault.stack.example";

describe("answers that lead elsewhere: no token, secret or assertion leaves for it", () => {
  let world: World;
  let trap: TrapServer;
  /** A vault of the attacker's own, in the same cloud. */
  let thief: Pod;
  before(async () => {
    world = await World.start({
      emulator: { clouds: [{ authorityHosts: [STACK_AUTHORITY], vaultSuffix: STACK_SUFFIX }] },
    });
    trap = await TrapServer.start();
    thief = world.pod();
    thief.plantSecret("one");
  });
  beforeEach(() => {
    world.emulator.requests.reset();
  });
  afterEach(() => {
    world.emulator.faults.clear();
    expect(trap.visits, "requests to the trap").to.deep.equal([]);
  });
  after(async () => {
    await trap.stop();
    await world.stop();
  });

  const elsewhere: [string, (pod: Pod) => string][] = [
    ["another host over plain http", () => `${trap.url}/secrets/one`],
    ["the same host over plain http", (pod) => `http://${pod.vault.host}/secrets/one`],
    ["another vault", () => `${thief.vault.url}/secrets/one`],
    ["another host over https", () => "https://evil.example/secrets/one"],
    ["another port", (pod) => `https://${pod.vault.host}:8443/secrets/one`],
    ["a host with credentials", (pod) => `https://${pod.vault.host}@evil.example/secrets/one`],
    ["a scheme-relative address", () => "//evil.example/secrets/one"],
    ["a look-alike suffix", (pod) => `https://${pod.vault.host}.evil.example/secrets/one`],
    ["a file", () => "file:///etc/passwd"],
    ["no address", () => "https://[hush"],
  ];

  /** Hosts beside the pod's vault and its authority that were asked for. */
  function strangers(pod: Pod): string[] {
    return world.emulator.requests
      .hosts()
      .filter((host) => host !== pod.vault.host && host !== "login.microsoftonline.com");
  }

  for (const status of [301, 302, 307, 308] as const) {
    for (const [name, location] of elsewhere.slice(0, 4)) {
      it(`a vault's ${status} to ${name}`, async () => {
        const pod = world.pod();
        world.emulator.faults.add(
          { kind: "redirect", location: location(pod), status },
          { host: pod.vault.host },
        );
        const failure = await pod.mountError(secretYaml("one"));
        expect(failure.status).to.equal("INTERNAL");
        expect(strangers(pod)).to.deep.equal([]);
      });
    }
  }
  for (const [name, location] of elsewhere) {
    it(`a vault's 307 to ${name}`, async () => {
      const pod = world.pod();
      world.emulator.faults.add({ kind: "redirect", location: location(pod) }, { host: pod.vault.host });
      expect((await pod.mountError(secretYaml("one"))).status).to.equal("INTERNAL");
      expect(strangers(pod)).to.deep.equal([]);
    });

    it(`a nextLink to ${name}`, async () => {
      const pod = world.pod();
      pod.plantSecret("one");
      world.emulator.faults.add(
        { kind: "nextLink", url: location(pod) },
        { host: pod.vault.host, kind: "list" },
      );
      const failure = await pod.mountError(secretYaml("one", { objectVersionHistory: 2 }));
      // What is no absolute address is a path of the vault's own, and there is nothing at it.
      expect(failure.status).to.be.oneOf(["INTERNAL", "NOT_FOUND"]);
      expect(failure.message).to.contain("failed to get objectType:secret, objectName:one");
      expect(strangers(pod)).to.deep.equal([]);
    });

    for (const identity of ["workload-identity", "service-principal"] as const) {
      it(`the token endpoint's 307 to ${name} (${identity})`, async () => {
        const pod = world.pod({ identity });
        world.emulator.faults.add(
          { kind: "redirect", location: location(pod) },
          { kind: "token", path: `/${pod.tenantId}/*` },
        );
        const failure = await pod.mountError(secretYaml("one"));
        expect(failure.status).to.be.oneOf(["INTERNAL", "UNAUTHENTICATED"]);
        expect(strangers(pod)).to.deep.equal([]);
        expect(world.emulator.requests.counts(({ vault }) => vault === pod.vault.name).total).to.equal(0);
      });
    }
  }

  it("a vault's 307 to another path of itself is not followed either", async () => {
    const pod = world.pod();
    pod.plantSecret("two");
    world.emulator.faults.add(
      { kind: "redirect", location: `${pod.vault.url}/secrets/two?api-version=7.4` },
      { host: pod.vault.host, path: "/secrets/one*" },
    );
    const failure = await pod.mountError(secretYaml("one"));
    expect(failure.status).to.equal("INTERNAL");
  });

  it("a discovery document that names a token endpoint elsewhere", async () => {
    const cloudEnvFileName = path.join(world.folder, "stack.json");
    await writeFile(
      cloudEnvFileName,
      JSON.stringify({
        activeDirectoryEndpoint: `https://${STACK_AUTHORITY}/`,
        keyVaultDNSSuffix: STACK_SUFFIX,
      }),
    );
    for (const url of [trap.url, "https://evil.example", `https://${STACK_AUTHORITY}.evil.example`]) {
      const pod = world.pod({ suffix: STACK_SUFFIX });
      const discovery = world.emulator.faults.add(
        {
          kind: "rewrite",
          change: (body) => ({
            ...(body as object),
            token_endpoint: `${url}/token`,
            jwks_uri: `${url}/keys`,
          }),
        },
        { kind: "discovery" },
      );
      const { status } = await pod.mountError({
        objects: secretYaml("one"),
        parameters: { cloudName: "AzureStackCloud", cloudEnvFileName },
      });
      expect(status).to.be.oneOf(["INTERNAL", "UNAUTHENTICATED"]);
      expect(discovery.hits).to.equal(1);
      expect(world.emulator.requests.hosts()).to.deep.equal([STACK_AUTHORITY]);
      discovery.remove();
    }
  });

  it("a challenge that names another resource or authority", async () => {
    const pod = world.pod();
    pod.plantSecret("one");
    for (const challenge of [
      'Bearer authorization="https://login.microsoftonline.com/x", resource="https://evil.example"',
      `Bearer authorization="https://evil.example/${pod.tenantId}", resource="https://vault.azure.net"`,
      `Bearer authorization="${trap.url}/${pod.tenantId}", resource="https://vault.azure.net"`,
      "Bearer ",
      `Bearer ${"a=".repeat(5_000)}`,
    ]) {
      world.emulator.faults.clear();
      world.emulator.faults.add(
        { kind: "answer", status: 401, headers: { "WWW-Authenticate": challenge }, body: {} },
        { host: pod.vault.host },
      );
      const failure = await pod.mountError(secretYaml("one"));
      expect(failure.status).to.equal("UNAUTHENTICATED");
      expect(strangers(pod)).to.deep.equal([]);
    }
  });
});
