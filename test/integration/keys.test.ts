import { createPublicKey, X509Certificate } from "node:crypto";
import { expect } from "chai";
import type { KeyOptions } from "../../emulator/vault/make-key.js";
import { objectsYaml } from "../support/objects-yaml.js";
import { World } from "../support/world.js";

const keyYaml = (more: Record<string, string | number> = {}): string =>
  objectsYaml({ objectName: "signing", objectType: "key", ...more });

describe("keys", () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(async () => {
    await world.stop();
  });

  const kinds: [KeyOptions, expected: { kty: string; crv?: string }][] = [
    [{ kty: "RSA" }, { kty: "RSA" }],
    [{ kty: "RSA", size: 3072 }, { kty: "RSA" }],
    [{ kty: "RSA-HSM" }, { kty: "RSA" }],
    [
      { kty: "EC", crv: "P-256" },
      { kty: "EC", crv: "P-256" },
    ],
    [
      { kty: "EC", crv: "P-384" },
      { kty: "EC", crv: "P-384" },
    ],
    [
      { kty: "EC", crv: "P-521" },
      { kty: "EC", crv: "P-521" },
    ],
    [
      { kty: "EC", crv: "P-256K" },
      { kty: "EC", crv: "secp256k1" },
    ],
    [
      { kty: "EC-HSM", crv: "P-256" },
      { kty: "EC", crv: "P-256" },
    ],
    [
      { kty: "EC-HSM", crv: "P-384" },
      { kty: "EC", crv: "P-384" },
    ],
    [
      { kty: "EC-HSM", crv: "P-521" },
      { kty: "EC", crv: "P-521" },
    ],
    [
      { kty: "EC-HSM", crv: "P-256K" },
      { kty: "EC", crv: "secp256k1" },
    ],
  ];
  for (const [options, expected] of kinds) {
    it(`${options.kty} ${options.crv ?? options.size ?? ""} comes as a PKIX public key in PEM`, async () => {
      const pod = world.pod();
      const version = pod.vault.createKey("signing", options);
      const { files, versions } = await pod.mount(keyYaml());
      const text = files.get("signing")?.text ?? "";
      expect(text).to.match(/^-----BEGIN PUBLIC KEY-----\n[\s\S]+\n-----END PUBLIC KEY-----\n$/);
      const jwk = createPublicKey(text).export({ format: "jwk" });
      expect(jwk).to.include(expected);
      const stored = pod.vault.keys.findVersion("signing", version)?.content.publicPart ?? {};
      for (const part of ["n", "x", "y"] as const) expect(jwk[part]).to.equal(stored[part]);
      expect([...versions]).to.deep.equal([["key/signing", version]]);
    });
  }

  it("of a certificate are its public half", async () => {
    const pod = world.pod();
    pod.vault.createCertificate("signing", { keyType: "EC", curve: "P-384" });
    const { files } = await pod.mount(
      objectsYaml(
        { objectName: "signing", objectType: "key", objectAlias: "key.pem" },
        { objectName: "signing", objectType: "cert", objectAlias: "cert.pem" },
      ),
    );
    const certificate = new X509Certificate(files.get("cert.pem")?.text ?? "");
    expect(createPublicKey(files.get("key.pem")?.text ?? "").equals(certificate.publicKey)).to.equal(true);
  });

  it("have versions, aliases, modes and a history like secrets", async () => {
    const pod = world.pod();
    const versions = [1, 2, 3].map((i) =>
      pod.vault.createKey("signing", { kty: "EC", created: 1_700_000_000 + i }),
    );
    const pinned = await pod.mount(
      keyYaml({ objectVersion: versions[0] ?? "", objectAlias: "old", filePermission: "0400" }),
    );
    expect([...pinned.versions]).to.deep.equal([["key/signing", versions[0]]]);
    expect(pinned.files.get("old")?.mode).to.equal(0o400);
    const history = await pod.mount(keyYaml({ objectVersionHistory: 2 }));
    expect([...history.versions]).to.deep.equal([
      ["key/signing/0", versions[2]],
      ["key/signing/1", versions[1]],
      ["key/signing/2", versions[0]],
    ]);
  });

  it("that are disabled can still be read: the service withholds operations, not the public key", async () => {
    const pod = world.pod();
    pod.vault.createKey("signing", { kty: "EC", enabled: false });
    const { files } = await pod.mount(keyYaml());
    expect(files.get("signing")?.text).to.match(/^-----BEGIN PUBLIC KEY-----/);
  });

  describe("that cannot be written are errors that name them", () => {
    it("a symmetric key", async () => {
      const pod = world.pod();
      pod.vault.createKey("signing", { kty: "oct-HSM" });
      const { status, message } = await pod.mountError(keyYaml());
      expect(status).to.equal("INVALID_ARGUMENT");
      expect(message).to.contain("objectType:key, objectName:signing").and.contain("oct");
    });

    const answers: [string, (key: Record<string, unknown>) => unknown][] = [
      ["no kty", (key) => ({ ...key, kty: undefined })],
      ["a kty that is no text", (key) => ({ ...key, kty: { a: 1 } })],
      ["a kty that nobody knows", (key) => ({ ...key, kty: "hush-a-planted-value-x" })],
      ["no x", (key) => ({ ...key, x: undefined })],
      ["an x that is no base64", (key) => ({ ...key, x: 7 })],
      ["a point that is not on the curve", (key) => ({ ...key, x: key["y"] })],
      ["a curve that nobody knows", (key) => ({ ...key, crv: "P-1" })],
      ["coordinates that are too long", (key) => ({ ...key, x: "A".repeat(100_000) })],
      ["no key", () => undefined],
    ];
    for (const [name, change] of answers) {
      it(`an answer with ${name}, and the process lives on`, async () => {
        const pod = world.pod();
        pod.vault.createKey("signing", { kty: "EC" });
        world.emulator.faults.add(
          {
            kind: "rewrite",
            change: (body) => ({
              ...(body as object),
              key: change((body as { key: Record<string, unknown> }).key),
            }),
          },
          { host: pod.vault.host, kind: "read" },
        );
        const { status, message } = await pod.mountError(keyYaml());
        expect(status).to.be.oneOf(["INVALID_ARGUMENT", "INTERNAL"]);
        expect(message)
          .to.contain("failed to get objectType:key, objectName:signing")
          .and.not.contain("internal error");
        expect((await world.provider.client.version()).version).to.equal("v1alpha1");
      });
    }

    it("an RSA modulus of 0 or of 900,000 digits", async () => {
      for (const n of ["AA", "q".repeat(900_000)]) {
        const pod = world.pod();
        pod.vault.createKey("signing", { kty: "RSA" });
        world.emulator.faults.add(
          {
            kind: "rewrite",
            change: (body) => ({ ...(body as object), key: { ...(body as { key: object }).key, n } }),
          },
          { host: pod.vault.host, kind: "read" },
        );
        const { status } = await pod.mountError(keyYaml());
        expect(status).to.be.oneOf(["INVALID_ARGUMENT", "INTERNAL"]);
      }
    });
  });
});
