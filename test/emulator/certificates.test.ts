import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { expect } from "chai";
import forge from "node-forge";
import { startEmulator } from "../../emulator/emulator.js";
import type { Emulator, VaultDouble } from "../../emulator/emulator.js";
import type { CertificateOptions } from "../../emulator/vault/make-certificate.js";
import { ask, signIn } from "./ask.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const HOST = "contoso-vault.vault.azure.net";
const TRIPLE_DES = "1.2.840.113549.1.12.1.3";

describe("emulator/vault certificates", () => {
  let emulator: Emulator;
  let vault: VaultDouble;
  let token: string;

  before(async () => {
    emulator = await startEmulator();
    emulator.entra.tenant(TENANT).application({ clientId: CLIENT, secrets: ["s"] });
    vault = emulator.vault("contoso-vault").grantAll(CLIENT);
    token = await signIn(emulator, { tenantId: TENANT, clientId: CLIENT, secret: "s" });
  });
  after(() => emulator.close());

  async function read(path: string): Promise<Record<string, unknown>> {
    const reply = await ask(emulator, {
      host: HOST,
      path: `${path}?api-version=7.4`,
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(reply.status, reply.text).to.equal(200);
    return reply.json ?? {};
  }

  it("are three objects of one version that name each other", async () => {
    const version = vault.createCertificate("trio", {
      keyType: "EC",
      created: 1_700_000_000,
      tags: { a: "b" },
    });
    const certificate = await read("/certificates/trio");
    const secret = await read(`/secrets/trio/${version}`);
    const key = await read(`/keys/trio/${version}`);
    const kid = `https://${HOST}/keys/trio/${version}`;
    expect(certificate).to.include({
      id: `https://${HOST}/certificates/trio/${version}`,
      kid,
      sid: `https://${HOST}/secrets/trio/${version}`,
    });
    expect(secret).to.include({
      id: certificate["sid"],
      kid,
      managed: true,
      contentType: "application/x-pkcs12",
    });
    expect(key).to.deep.include({ managed: true, tags: { a: "b" } });
    const attributes = {
      enabled: true,
      nbf: 1_700_000_000 - 600,
      exp: Date.UTC(2024, 10, 14, 22, 13, 20) / 1000,
      created: 1_700_000_000,
      updated: 1_700_000_000,
      recoveryLevel: "CustomizedRecoverable+Purgeable",
      recoverableDays: 7,
    };
    expect(certificate["attributes"]).to.deep.equal(attributes);
    expect(secret["attributes"]).to.deep.equal(attributes);
    expect(key["attributes"]).to.deep.equal({ ...attributes, exportable: true });
  });

  it("show the certificate as DER and by its SHA-1", async () => {
    vault.createCertificate("seen", {
      keyType: "EC",
      subject: "CN=shop.example, O=Contoso",
      dnsNames: ["shop.example"],
    });
    const shown = await read("/certificates/seen");
    const leaf = new X509Certificate(Buffer.from(String(shown["cer"]), "base64"));
    expect(leaf.subject).to.equal("CN=shop.example\nO=Contoso");
    expect(leaf.subjectAltName).to.equal("DNS:shop.example");
    expect(leaf.verify(leaf.publicKey)).to.equal(true);
    const thumbprint = Buffer.from(leaf.fingerprint.replaceAll(":", ""), "hex").toString("base64url");
    expect(shown["x5t"]).to.equal(thumbprint);
    const key = await read("/keys/seen");
    expect(key["key"]).to.include({ x: leaf.publicKey.export({ format: "jwk" }).x });
  });

  it("show policy and last operation only when no version is asked for", async () => {
    const version = vault.createCertificate("policied", {
      keyType: "EC",
      curve: "P-384",
      contentType: "application/x-pem-file",
      subject: "CN=a",
      dnsNames: ["a.example"],
      exportable: false,
      validityMonths: 3,
      created: 7,
    });
    const newest = await read("/certificates/policied");
    expect(newest["policy"]).to.deep.equal({
      id: `https://${HOST}/certificates/policied/policy`,
      key_props: { exportable: false, kty: "EC", key_size: 384, reuse_key: false, crv: "P-384" },
      secret_props: { contentType: "application/x-pem-file" },
      x509_props: {
        subject: "CN=a",
        sans: { dns_names: ["a.example"] },
        ekus: ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
        key_usage: ["digitalSignature"],
        validity_months: 3,
        basic_constraints: { ca: false },
      },
      lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: "AutoRenew" } }],
      issuer: { name: "Self", cert_transparency: false },
      attributes: { enabled: true, created: 7, updated: 7 },
    });
    expect(newest["pending"]).to.deep.equal({ id: `https://${HOST}/certificates/policied/pending` });
    const versioned = await read(`/certificates/policied/${version}`);
    expect(versioned).not.to.have.any.keys("policy", "pending");
  });

  describe("as PFX", () => {
    async function pfxOf(name: string, options: CertificateOptions): Promise<forge.asn1.Asn1> {
      vault.createCertificate(name, options);
      const { value } = await read(`/secrets/${name}`);
      return forge.asn1.fromDer(Buffer.from(String(value), "base64").toString("binary"));
    }

    it("have the service's MAC: SHA-1, 2,000 rounds, a salt of 20 bytes", async () => {
      const pfx = await pfxOf("mac", { keyType: "EC" });
      const [version, , mac] = children(pfx);
      expect(integerOf(version)).to.equal(3);
      const [digest, salt, iterations] = children(mac);
      const [algorithm] = children(children(digest)[0]);
      expect(oidOf(algorithm)).to.equal("1.3.14.3.2.26");
      expect(children(children(digest)[0])).to.have.length(1);
      expect(salt?.value).to.have.length(20);
      expect(integerOf(iterations)).to.equal(2000);
    });

    it("have key and certificates under 3DES with 2,000 rounds, the key with Microsoft's attribute", async () => {
      const pfx = await pfxOf("bags", { keyType: "EC" });
      const [keys, certificates] = children(forge.asn1.fromDer(contentOf(children(pfx)[1])));
      const [keyBag] = children(forge.asn1.fromDer(contentOf(keys)));
      const [, shrouded, attributes] = children(keyBag);
      expect(pbeOf(children(children(shrouded)[0])[0])).to.deep.equal([TRIPLE_DES, 8, 2000]);
      const named = children(attributes).map((attribute) => {
        const [id, values] = children(attribute);
        return [oidOf(id), children(values)[0]?.value];
      });
      expect(named).to.deep.equal([
        ["1.2.840.113549.1.9.21", "\u0001\u0000\u0000\u0000"],
        ["1.3.6.1.4.1.311.17.1", "Microsoft Software Key Storage Provider"],
      ]);
      const [, encrypted] = children(children(children(certificates)[1])[0]);
      expect(pbeOf(children(encrypted)[1])).to.deep.equal([TRIPLE_DES, 8, 2000]);
    });

    it("open without a password, and not with an empty one", async () => {
      const pfx = await pfxOf("opened", { keyType: "RSA" });
      const read = forge.pkcs12.pkcs12FromAsn1(pfx, false, undefined);
      const bags = read.safeContents.flatMap(({ safeBags }) => safeBags);
      expect(bags.map(({ type }) => type)).to.deep.equal([
        forge.pki.oids["pkcs8ShroudedKeyBag"],
        forge.pki.oids["certBag"],
      ]);
      expect(() => forge.pkcs12.pkcs12FromAsn1(pfx, false, "")).to.throw("PKCS#12 MAC could not be verified");
    });

    const chains = [
      { chain: true, order: ["CN=leaf", "Emulated Issuing CA 1", "Emulated Root CA"] },
      { chain: "rootFirst", order: ["Emulated Root CA", "Emulated Issuing CA 1", "CN=leaf"] },
    ] as const;
    for (const { chain, order } of chains) {
      it(`have the whole chain with chain: ${String(chain)}`, async () => {
        vault.createCertificate(`pem-${String(chain)}`, {
          keyType: "EC",
          chain,
          subject: "CN=leaf",
          contentType: "application/x-pem-file",
        });
        const { value } = await read(`/secrets/pem-${String(chain)}`);
        const certificates = certificatesOf(String(value));
        expect(certificates.map(({ subject }) => subject).join(" ")).to.match(
          new RegExp(order.join(".*"), "s"),
        );
        const [first, second, third] = chain === true ? certificates : [...certificates].reverse();
        if (first === undefined || second === undefined || third === undefined) throw new Error("no chain");
        expect(first.checkIssued(second) && first.verify(second.publicKey)).to.equal(true);
        expect(second.checkIssued(third) && second.verify(third.publicKey)).to.equal(true);
        const pfx = await pfxOf(`pfx-${String(chain)}`, { keyType: "EC", chain, subject: "CN=leaf" });
        const opened = forge.pkcs12.pkcs12FromAsn1(pfx, false, undefined);
        const bags = opened.getBags({ bagType: forge.pki.oids["certBag"] ?? "" });
        expect(bags[forge.pki.oids["certBag"] ?? ""]).to.have.length(3);
      });
    }

    it("have no key when it may not be exported", async () => {
      const pfx = await pfxOf("kept", { keyType: "EC", exportable: false });
      const bags = forge.pkcs12.pkcs12FromAsn1(pfx, false, undefined).safeContents;
      expect(bags.flatMap(({ safeBags }) => safeBags.map(({ type }) => type))).to.deep.equal([
        forge.pki.oids["certBag"],
      ]);
    });
  });

  describe("as PEM", () => {
    const curves = [
      { curve: "P-256", named: "prime256v1" },
      { curve: "P-384", named: "secp384r1" },
      { curve: "P-521", named: "secp521r1" },
      { curve: "P-256K", named: "secp256k1" },
    ] as const;
    for (const { curve, named } of curves) {
      it(`have a PKCS#8 key on ${curve} with a key-usage attribute, then the certificate`, async () => {
        vault.createCertificate(`pem-${curve}`, {
          keyType: "EC",
          curve,
          contentType: "application/x-pem-file",
        });
        const { value, contentType } = await read(`/secrets/pem-${curve}`);
        expect(contentType).to.equal("application/x-pem-file");
        expect(value).to.match(
          /^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
        );
        const key = createPrivateKey(String(value));
        expect(key.asymmetricKeyDetails).to.include({ namedCurve: named });
        const [certificate] = certificatesOf(String(value));
        expect(certificate?.checkPrivateKey(key)).to.equal(true);
        const der = Buffer.from(/KEY-----\n([^-]+)/.exec(String(value))?.[1] ?? "", "base64");
        expect(der.subarray(-15).toString("hex")).to.equal("a00d300b0603551d0f310403020080");
        // secp256k1's OID is absent: the curve is spelt out.
        expect(der.includes(Buffer.from("06052b8104000a", "hex"))).to.equal(false);
        expect(der.includes(Buffer.from("300604010004010704", "hex"))).to.equal(curve === "P-256K");
      });
    }

    it("have a plain RSA key", async () => {
      vault.createCertificate("pem-rsa", { contentType: "application/x-pem-file", keySize: 2048 });
      const { value } = await read("/secrets/pem-rsa");
      const key = createPrivateKey(String(value));
      expect(key.asymmetricKeyDetails).to.include({ modulusLength: 2048 });
      const [certificate] = certificatesOf(String(value));
      expect(certificate?.publicKey.equals(createPublicKey(key))).to.equal(true);
    });

    it("have certificates only when the key may not be exported", async () => {
      vault.createCertificate("pem-kept", {
        keyType: "EC",
        contentType: "application/x-pem-file",
        exportable: false,
      });
      const { value } = await read("/secrets/pem-kept");
      expect(value).to.match(/^-----BEGIN CERTIFICATE-----/);
    });
  });

  describe("that were imported", () => {
    it("keep the PFX byte for byte", async () => {
      const made = vault.createCertificate("source", { keyType: "RSA", chain: true, subject: "CN=brought" });
      const { value } = await read(`/secrets/source/${made}`);
      const version = vault.importCertificate("brought", { pfx: Buffer.from(String(value), "base64") });
      expect(await read("/secrets/brought")).to.include({ value, contentType: "application/x-pkcs12" });
      const shown = await read("/certificates/brought");
      expect(shown["cer"]).to.equal((await read("/certificates/source"))["cer"]);
      expect(shown).to.have.nested.property("policy.issuer.name", "Unknown");
      expect(shown).to.have.nested.property("policy.x509_props.subject", "CN=brought");
      expect(shown).not.to.have.property("pending");
      expect(await read(`/keys/brought/${version}`)).to.have.nested.property("key.kty", "RSA");
    });

    it("keep the PEM as it is, EC too", async () => {
      vault.createCertificate("pem-source", { keyType: "EC", contentType: "application/x-pem-file" });
      const { value } = await read("/secrets/pem-source");
      const pem = `# by hand\n${String(value)}`;
      vault.importCertificate("pem-brought", { pem });
      expect(await read("/secrets/pem-brought")).to.include({
        value: pem,
        contentType: "application/x-pem-file",
      });
      expect(await read("/keys/pem-brought")).to.have.nested.property("key.crv", "P-256");
    });

    it("find an EC leaf in a PFX, and take one that is named", async () => {
      vault.createCertificate("ec-source", { keyType: "EC", chain: "rootFirst", subject: "CN=ec" });
      const { value } = await read("/secrets/ec-source");
      const cer = String((await read("/certificates/ec-source"))["cer"]);
      vault.importCertificate("ec-brought", { pfx: Buffer.from(String(value), "base64") });
      expect((await read("/certificates/ec-brought"))["cer"]).to.equal(cer);
      vault.importCertificate("unreadable", {
        pfx: Buffer.from("of a kind yet to come"),
        certificate: Buffer.from(cer, "base64"),
      });
      expect((await read("/certificates/unreadable"))["cer"]).to.equal(cer);
      expect((await read("/secrets/unreadable"))["value"]).to.equal(
        Buffer.from("of a kind yet to come").toString("base64"),
      );
    });
  });
});

function children(node: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  return Array.isArray(node?.value) ? node.value : [];
}

/** The octets inside `ContentInfo { data, [0] OCTET STRING }`. */
function contentOf(contentInfo: forge.asn1.Asn1 | undefined): string {
  return textOf(children(children(contentInfo)[1])[0]);
}

function oidOf(node: forge.asn1.Asn1 | undefined): string {
  return forge.asn1.derToOid(textOf(node));
}

function integerOf(node: forge.asn1.Asn1 | undefined): number {
  return forge.asn1.derToInteger(textOf(node));
}

function textOf(node: forge.asn1.Asn1 | undefined): string {
  return typeof node?.value === "string" ? node.value : "";
}

/** Algorithm, length of the salt and rounds of a password-based encryption. */
function pbeOf(algorithm: forge.asn1.Asn1 | undefined): unknown[] {
  const [id, parameters] = children(algorithm);
  const [salt, iterations] = children(parameters);
  return [oidOf(id), textOf(salt).length, integerOf(iterations)];
}

function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
