import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { startEmulator, type Emulator } from "../../emulator/emulator.js";
import { secretYaml } from "../support/objects-yaml.js";
import type { Pod } from "../support/pod.js";
import { RecordedNetwork } from "../support/recorded-network.js";
import { plant } from "../support/secrecy.js";
import { World } from "../support/world.js";

const OBJECTS = secretYaml("one");
const AUTHORITY = "login.microsoftonline.com";
/** No certificate authority and no proxy but those that a test adds. */
const NOTHING = { HTTPS_PROXY: "", NODE_EXTRA_CA_CERTS: "" };

let emulator: Emulator;
let folder: string;
let caFile: string;
let caFolder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "azure-provider-trust-"));
  emulator = await startEmulator();
  caFile = path.join(folder, "ca.pem");
  caFolder = path.join(folder, "certs");
  await mkdir(caFolder);
  await writeFile(caFile, emulator.caPem);
  await writeFile(path.join(caFolder, "company.crt"), emulator.caPem);
});
after(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

/** The environment in which names lead straight to the emulator. */
const straight = (file?: { path: string; instead: string }): Record<string, string> => ({
  ...new RecordedNetwork(folder, { port: emulator.port, ...(file === undefined ? {} : { file }) }).env,
});
const proxyUrl = (credentials = ""): string => `http://${credentials}127.0.0.1:${emulator.proxyPort}`;

/** Runs a provider in this environment and nothing else. What it says is searched for secrets when it ends. */
async function withProvider(
  env: Record<string, string>,
  work: (world: World) => Promise<void>,
  from = emulator,
): Promise<void> {
  const world = await World.start({ sharedEmulator: from, env: { ...NOTHING, ...env } });
  try {
    await work(world);
  } finally {
    await world.stop();
  }
}

/** Mounts a pod's secret. @returns host → "direct" or "proxy", of its sign-in and its vault */
async function mountAndLook(world: World): Promise<Record<string, string>> {
  const pod = world.pod();
  const value = pod.plantSecret("one");
  const { files } = await pod.mount(OBJECTS);
  expect(files.get("one")?.text).to.equal(value);
  return waysOf(world, pod);
}

function waysOf(world: World, pod: Pod): Record<string, string> {
  const ways: Record<string, string> = {};
  for (const { host, via, tenantId, vault } of world.emulator.requests.all) {
    if (host === AUTHORITY && tenantId === pod.tenantId) ways["sign-in"] = via;
    if (vault === pod.vault.name) ways["vault"] = via;
  }
  return ways;
}

describe("certificate authorities", () => {
  const ways: [
    how: string,
    env: () => Record<string, string>,
    file?: () => { path: string; instead: string },
  ][] = [
    ["SSL_CERT_FILE", () => ({ SSL_CERT_FILE: caFile })],
    ["SSL_CERT_DIR", () => ({ SSL_CERT_DIR: `/nonexistent:${caFolder}` })],
    ["NODE_EXTRA_CA_CERTS", () => ({ NODE_EXTRA_CA_CERTS: caFile })],
    [
      "the system's store",
      () => ({}),
      () => ({ path: "/etc/ssl/certs/ca-certificates.crt", instead: caFile }),
    ],
    [
      "one variable, while others lead nowhere",
      () => ({ SSL_CERT_FILE: "/dev/null", SSL_CERT_DIR: "/nonexistent", NODE_EXTRA_CA_CERTS: caFile }),
    ],
  ];
  for (const [how, env, file] of ways) {
    it(`by ${how}: sign-in and vault are trusted, straight on and through a proxy`, async () => {
      await withProvider({ ...straight(file?.()), ...env() }, async (world) => {
        expect(await mountAndLook(world)).to.deep.equal({ "sign-in": "direct", vault: "direct" });
      });
      await withProvider({ ...straight(file?.()), ...env(), HTTPS_PROXY: proxyUrl() }, async (world) => {
        expect(await mountAndLook(world)).to.deep.equal({ "sign-in": "proxy", vault: "proxy" });
      });
    });
  }

  for (const way of ["straight on", "through a proxy"]) {
    const onTheWay = (): Record<string, string> => (way === "straight on" ? {} : { HTTPS_PROXY: proxyUrl() });

    it(`not given, ${way}: sign-in fails and says what to set`, async () => {
      await withProvider({ ...straight(), ...onTheWay() }, async (world) => {
        const pod = world.pod();
        pod.plantSecret("one");
        const { message } = await pod.mountError(OBJECTS);
        expect(message).to.include(
          `the certificate of ${AUTHORITY} is signed by an authority that is not trusted`,
        );
        for (const remedy of ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"]) {
          expect(message).to.include(remedy);
        }
        expect(waysOf(world, pod), "nothing is sent").to.deep.equal({});
      });
    });

    const faults: [fault: "unknownAuthority" | "expired" | "wrongName", words: string][] = [
      ["unknownAuthority", "SSL_CERT_FILE"],
      ["expired", "CERT_HAS_EXPIRED"],
      ["wrongName", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ];
    it(`given, ${way}, a vault and an authority with other certificates are refused`, async () => {
      await withProvider({ ...straight(), ...onTheWay(), SSL_CERT_FILE: caFile }, async (world) => {
        for (const [fault, words] of faults) {
          const pod = world.pod();
          pod.plantSecret("one");
          const handle = emulator.faults.add({ kind: "tls", fault }, { host: pod.vault.host });
          const { message } = await pod.mountError(OBJECTS);
          handle.remove();
          expect(message).to.include(pod.vault.host).and.to.include(words);
          expect(waysOf(world, pod)["vault"], "nothing is sent").to.equal(undefined);
        }
      });
    });
  }

  it("NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch the check off", async () => {
    await withProvider({ ...straight(), NODE_TLS_REJECT_UNAUTHORIZED: "0" }, async (world) => {
      const pod = world.pod();
      pod.plantSecret("one");
      expect((await pod.mountError(OBJECTS)).message).to.include("SSL_CERT_FILE");
    });
  });
});

describe("proxies", () => {
  const trusting = (): Record<string, string> => ({ ...straight(), SSL_CERT_FILE: caFile });
  const through = { "sign-in": "proxy", vault: "proxy" };
  const past = { "sign-in": "direct", vault: "direct" };
  const nowhere = "http://127.0.0.1:9";

  const cases: [what: string, env: () => Record<string, string>, expected: Record<string, string>][] = [
    ["HTTPS_PROXY", () => ({ HTTPS_PROXY: proxyUrl() }), through],
    ["https_proxy", () => ({ https_proxy: proxyUrl() }), through],
    ["HTTPS_PROXY without a scheme", () => ({ HTTPS_PROXY: `127.0.0.1:${emulator.proxyPort}` }), through],
    ["HTTPS_PROXY before https_proxy", () => ({ HTTPS_PROXY: proxyUrl(), https_proxy: nowhere }), through],
    [
      "HTTP_PROXY and http_proxy are for plain http",
      () => ({ HTTP_PROXY: nowhere, http_proxy: nowhere }),
      past,
    ],
    [
      "ALL_PROXY and all_proxy are not read, as in Go",
      () => ({ ALL_PROXY: nowhere, all_proxy: nowhere }),
      past,
    ],
    ["NO_PROXY of all", () => ({ HTTPS_PROXY: nowhere, NO_PROXY: "*" }), past],
    [
      "NO_PROXY of the vaults",
      () => ({ HTTPS_PROXY: proxyUrl(), NO_PROXY: "10.0.0.0/8, .vault.azure.net" }),
      { "sign-in": "proxy", vault: "direct" },
    ],
    [
      "no_proxy of the authority",
      () => ({ HTTPS_PROXY: proxyUrl(), no_proxy: AUTHORITY }),
      { "sign-in": "direct", vault: "proxy" },
    ],
  ];
  for (const [what, env, expected] of cases) {
    it(what, async () => {
      await withProvider({ ...trusting(), ...env() }, async (world) => {
        expect(await mountAndLook(world)).to.deep.equal(expected);
      });
    });
  }

  describe("that want credentials", () => {
    const credentials = { username: "node", password: `${plant("proxy")}/@:%` };
    let guarded: Emulator;
    let guardedCa: string;
    before(async () => {
      guarded = await startEmulator({ proxyCredentials: credentials });
      guardedCa = path.join(folder, "guarded.pem");
      await writeFile(guardedCa, guarded.caPem);
    });
    after(() => guarded.close());
    const env = (username: string, password: string): Record<string, string> => ({
      SSL_CERT_FILE: guardedCa,
      HTTPS_PROXY: `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${guarded.proxyPort}`,
    });

    it("get them from HTTPS_PROXY, and nobody else does", async () => {
      await withProvider(
        env(credentials.username, credentials.password),
        async (world) => {
          expect(await mountAndLook(world)).to.deep.equal(through);
          expect(await world.everythingSaid()).not.to.include(encodeURIComponent("/@:%"));
        },
        guarded,
      );
    });

    for (const [what, settings] of [
      ["wrong ones", () => env("node", plant("wrong"))],
      ["none", () => ({ ...env("", ""), HTTPS_PROXY: `http://127.0.0.1:${guarded.proxyPort}` })],
    ] as const) {
      it(`${what}: says so, and shows no password`, async () => {
        await withProvider(
          settings(),
          async (world) => {
            const { message } = await world.pod().mountError(OBJECTS);
            expect(message).to.include("HTTP 407").and.to.include("check user and password in HTTPS_PROXY");
          },
          guarded,
        );
      });
    }
  });

  const useless: [what: string, proxy: () => string, words: string][] = [
    ["nobody listens", () => `http://node:${plant("proxy")}@127.0.0.1:9`, "ECONNREFUSED"],
    [
      "socks5 is not supported",
      () => `socks5://node:${plant("proxy")}@127.0.0.1:9`,
      "use http:// or https://",
    ],
    ["no address", () => `http://node:${plant("proxy")}@[half`, "HTTPS_PROXY is not a proxy's address"],
  ];
  for (const [what, proxy, words] of useless) {
    it(`${what}: says so, and shows no password`, async () => {
      await withProvider({ ...trusting(), HTTPS_PROXY: proxy() }, async (world) => {
        const { message } = await world.pod().mountError(OBJECTS);
        expect(message).to.include("HTTPS_PROXY").and.to.include(words);
      });
    });
  }

  it("that refuse a host: says which proxy, and what to allow", async () => {
    await withProvider({ ...trusting(), HTTPS_PROXY: proxyUrl() }, async (world) => {
      const file = path.join(folder, "foreign.json");
      const cloud = {
        activeDirectoryEndpoint: "https://login.foreign.example",
        keyVaultDNSSuffix: "v.example",
      };
      await writeFile(file, JSON.stringify(cloud));
      const { message } = await world.pod().mountError({
        objects: OBJECTS,
        parameters: { cloudName: "AzureStackCloud", cloudEnvFileName: file },
      });
      expect(message).to.include(`127.0.0.1:${emulator.proxyPort} refused the tunnel with HTTP 403`);
      expect(message).to.include("NO_PROXY");
    });
  });
});
