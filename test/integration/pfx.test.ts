import { expect } from "chai";
import { makeCertificate, makeChain, makeKeys, type KeyKind } from "../support/certificates/certificate.js";
import { makePfx, type PfxRequest } from "../support/certificates/pfx.js";
import { othersGoOn } from "../support/go-on.js";
import { secretYaml } from "../support/objects-yaml.js";
import { commonNames, readPem } from "../support/pem.js";
import { World } from "../support/world.js";

describe("PFX files as their owners made them", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  const { root, intermediate, leaf } = makeChain();
  const inside = { keys: [leaf.privateKeyDer], certificates: [leaf.der, intermediate.der, root.der] };

  const readable: Record<string, PfxRequest> = {
    "3DES and SHA-1, as ever": inside,
    "RC2-40 for the certificates, as Windows and old OpenSSL": {
      ...inside,
      certificateEncryption: { cipher: "rc2-40" },
    },
    "AES-256 with a SHA-256 MAC, as OpenSSL 3": {
      ...inside,
      keyEncryption: { cipher: "aes256" },
      mac: { kind: "hmac", digest: "sha256", iterations: 2048 },
    },
    "AES-128 with HMAC-SHA-1": { ...inside, keyEncryption: { cipher: "aes128", digest: "sha1" } },
    "AES-192 with HMAC-SHA-384": { ...inside, keyEncryption: { cipher: "aes192", digest: "sha384" } },
    "a SHA-384 MAC": { ...inside, mac: { kind: "hmac", digest: "sha384" } },
    "a SHA-512 MAC": { ...inside, mac: { kind: "hmac", digest: "sha512" } },
    PBMAC1: { ...inside, keyEncryption: { cipher: "aes256" }, mac: { kind: "pbmac1", digest: "sha256" } },
    "no MAC": { ...inside, mac: { kind: "none" } },
    "no encryption": { ...inside, keyEncryption: { cipher: "none" } },
    "the other empty password": { ...inside, emptyPassword: "no bytes" },
    "the other empty password and RC2": {
      ...inside,
      emptyPassword: "no bytes",
      certificateEncryption: { cipher: "rc2-40" },
    },
    "BER, as Windows writes it": { ...inside, layout: "windows" },
    "certificates in another order": { ...inside, certificates: [root.der, leaf.der, intermediate.der] },
    "100,000 iterations each": {
      ...inside,
      keyEncryption: { cipher: "aes256", iterations: 100_000 },
      mac: { kind: "pbmac1", digest: "sha256", iterations: 100_000 },
    },
  };
  for (const [name, request] of Object.entries(readable)) {
    it(`${name}: key first, then leaf, intermediate, root`, async () => {
      const pod = world.pod();
      pod.vault.importCertificate("tls", { pfx: makePfx(request), certificate: leaf.der });
      const { files } = await pod.mount(secretYaml("tls"));
      const file = readPem(files.get("tls")?.text ?? "");
      expect(file.labels).to.deep.equal(["PRIVATE KEY", "CERTIFICATE", "CERTIFICATE", "CERTIFICATE"]);
      expect(commonNames(file)).to.deep.equal(["leaf", "intermediate", "root"]);
      const [key] = file.privateKeys;
      if (key === undefined) throw new Error("no key");
      expect(file.certificates[0]?.checkPrivateKey(key)).to.equal(true);
    });
  }

  for (const kind of [
    "rsa",
    "prime256v1",
    "secp384r1",
    "secp521r1",
    "secp256k1",
  ] as const satisfies KeyKind[]) {
    it(`with a key of kind ${kind}`, async () => {
      const pod = world.pod();
      const certificate = makeCertificate({ commonName: "own", keys: makeKeys(kind) });
      const pfx = makePfx({ keys: [certificate.privateKeyDer], certificates: [certificate.der] });
      pod.vault.importCertificate("tls", { pfx, certificate: certificate.der });
      const file = readPem((await pod.mount(secretYaml("tls"))).files.get("tls")?.text ?? "");
      const [key] = file.privateKeys;
      if (key === undefined) throw new Error("no key");
      expect(file.certificates[0]?.checkPrivateKey(key)).to.equal(true);
    });
  }

  const stranger = makeCertificate({ commonName: "stranger" });
  const unnamed = makeCertificate({ commonName: "unnamed", subjectKeyId: "none", authorityKeyId: "none" });
  const asTheyCame: [string, ReturnType<typeof makeCertificate>[]][] = [
    ["an intermediate is missing", [root, leaf]],
    ["a stranger is among them", [leaf, stranger, intermediate, root]],
    ["one has no key identifiers", [unnamed, leaf]],
  ];
  for (const [name, certificates] of asTheyCame) {
    it(`keep the order of the file when ${name}, with a word in the log`, async () => {
      const pod = world.pod();
      const pfx = makePfx({ keys: [leaf.privateKeyDer], certificates: certificates.map(({ der }) => der) });
      pod.vault.importCertificate("tls", { pfx, certificate: leaf.der });
      const { files } = await pod.mount(secretYaml("tls"));
      expect(commonNames(readPem(files.get("tls")?.text ?? ""))).to.deep.equal(
        certificates.map(({ commonName }) => commonName),
      );
      const warnings = world.provider.output.split("\n").filter((line) => line.startsWith("W"));
      expect(warnings.some((line) => line.includes(pod.name))).to.equal(true);
    });
  }

  describe("that cannot be read are errors that name the object, while other mounts go on", () => {
    const good = makePfx(inside);
    const million = 10_000_000;
    const bad: [string, Buffer][] = [
      ["cut off in the middle", good.subarray(0, good.length / 2)],
      ["one byte short", good.subarray(0, -1)],
      ["damaged in the middle", Buffer.from(good).fill(0xff, good.length / 2, good.length / 2 + 20)],
      ["zeros", Buffer.alloc(2_000)],
      ["nested sequences", Buffer.concat(Array.from({ length: 3_000 }, () => Buffer.from([0x30, 0x80])))],
      ["a length beyond the end", Buffer.from("3084ffffffff020103", "hex")],
      ["ten million iterations of the MAC", makePfx({ ...inside, mac: { kind: "hmac", claims: million } })],
      [
        "ten million iterations of PBMAC1",
        makePfx({ ...inside, mac: { kind: "pbmac1", digest: "sha512", claims: million } }),
      ],
      [
        "ten million iterations of the key's cipher",
        makePfx({
          ...inside,
          keyEncryption: { cipher: "3des", claims: million },
          certificateEncryption: { cipher: "none" },
        }),
      ],
      [
        "ten million iterations of PBES2",
        makePfx({ ...inside, keyEncryption: { cipher: "aes256", claims: million }, mac: { kind: "none" } }),
      ],
      ["2^64 iterations", makePfx({ ...inside, mac: { kind: "hmac", claims: 2n ** 64n } })],
      [
        "a thousand certificates",
        makePfx({ ...inside, certificates: Array.from({ length: 400 }, () => root.der) }),
      ],
    ];
    for (const [name, pfx] of bad) {
      it(name, async () => {
        const pod = world.pod();
        pod.vault.importCertificate("tls", { pfx, certificate: leaf.der });
        const { status, message } = await othersGoOn(world, () =>
          pod.mountError({ objects: secretYaml("tls"), deadlineMs: 10_000 }),
        );
        expect(status).to.equal("INVALID_ARGUMENT");
        expect(message).to.contain("failed to get objectType:secret, objectName:tls").and.contain("PFX");
      });
    }

    it("the most iterations that are computed do not hold up other mounts, of their own namespace neither", async function () {
      this.timeout(60_000); // four million rounds of SHA-512, on a machine that may have other work

      const pod = world.pod();
      const pfx = makePfx({ ...inside, mac: { kind: "hmac", digest: "sha512", claims: 990_000 } });
      pod.vault.importCertificate("tls", { pfx, certificate: leaf.der });
      const bombs = Array.from({ length: 4 }, () =>
        pod.mountError({ objects: secretYaml("tls"), deadlineMs: 45_000 }),
      );
      const neighbour = world.pod();
      neighbour.vault.importCertificate("tls", { pfx: good, certificate: leaf.der });
      const { files } = await neighbour.mount({ objects: secretYaml("tls"), deadlineMs: 40_000 });
      expect(readPem(files.get("tls")?.text ?? "").privateKeys).to.have.length(1);
      const failures = await Promise.all(bombs);
      for (const { status } of failures) {
        expect(status).to.be.oneOf(["INVALID_ARGUMENT", "INTERNAL"]);
      }
    });
  });
});
